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
let kernels: any KernelSet.Type = {
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
    return kernelSet(of: chosen)
}()

private func kernelSet(of set: InstructionSet) -> any KernelSet.Type {
    #if arch(x86_64)
        switch set {
        case .avx512: KernelsAVX512.Kernels.self
        case .avx2: KernelsAVX2.Kernels.self
        case .portable: KernelsPortable.Kernels.self
        }
    #else
        KernelsPortable.Kernels.self
    #endif
}

/// The instruction set the kernels in use were compiled for: `portable`, `avx2` or `avx512`.
public var instructionSetInUse: String { kernels.name }
