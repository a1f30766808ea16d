import Foundation
import KernelInterface
import KernelsPortable

#if arch(x86_64)
    import KernelsAVX2
    import KernelsAVX512
#endif

/// The kernels in use: those of the widest instruction set the processor has, or the set that
/// the environment variable `TAPESTRY_KERNELS` names (`portable`, `avx2`, `avx512`). Chosen
/// once, at first use.
let kernels: KernelTable = {
    let supported = InstructionSet.supported
    var chosen = supported.last ?? .portable
    if let name = ProcessInfo.processInfo.environment["TAPESTRY_KERNELS"], !name.isEmpty {
        guard let named = InstructionSet(rawValue: name) else {
            trap(
                "TAPESTRY_KERNELS",
                "unknown instruction set \"\(name)\": expected one of "
                    + InstructionSet.allCases.map(\.rawValue).joined(separator: ", "))
        }
        guard supported.contains(named) else {
            trap("TAPESTRY_KERNELS", "this processor does not support \(name)")
        }
        chosen = named
    }
    return table(of: chosen)
}()

private func table(of set: InstructionSet) -> KernelTable {
    #if arch(x86_64)
        switch set {
        case .avx512: KernelsAVX512.kernels
        case .avx2: KernelsAVX2.kernels
        case .portable: KernelsPortable.kernels
        }
    #else
        KernelsPortable.kernels
    #endif
}

/// The instruction set the kernels in use were compiled for: `portable`, `avx2` or `avx512`.
public var instructionSetInUse: String { kernels.name }
