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
    if let problem = problemWithKernelsAskedFor() { trap("TAPESTRY_KERNELS", problem) }
    let asked = instructionSetAskedFor().flatMap(InstructionSet.init(rawValue:))
    return kernelSet(of: asked ?? InstructionSet.supported.last ?? .portable)
}()

private func instructionSetAskedFor() -> String? {
    let name = ProcessInfo.processInfo.environment["TAPESTRY_KERNELS"]
    return name?.isEmpty == true ? nil : name
}

/// Why the kernels that `TAPESTRY_KERNELS` names are not available, so that a program can report it
/// before it uses any; nil if they are.
package func problemWithKernelsAskedFor() -> String? {
    guard let name = instructionSetAskedFor() else { return nil }
    guard let named = InstructionSet(rawValue: name) else {
        return "unknown instruction set \"\(name)\": expected one of "
            + InstructionSet.allCases.map(\.rawValue).joined(separator: ", ")
    }
    return InstructionSet.supported.contains(named)
        ? nil : "this processor does not support \(name)"
}

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
