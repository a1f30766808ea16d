import KernelInterface
import KernelsPortable
import Testing

#if arch(x86_64)
    import KernelsAVX2
    import KernelsAVX512
#endif

/// The kernels of an instruction set of this machine, to run a test on.
struct TestedKernels: Sendable, CustomTestStringConvertible {
    let kernels: any KernelSet.Type

    static let supported: [TestedKernels] = InstructionSet.supported.map {
        switch $0 {
        case .portable: TestedKernels(kernels: KernelsPortable.Kernels.self)
        #if arch(x86_64)
            case .avx2: TestedKernels(kernels: KernelsAVX2.Kernels.self)
            case .avx512: TestedKernels(kernels: KernelsAVX512.Kernels.self)
        #else
            case .avx2, .avx512: fatalError("\($0) on this architecture")
        #endif
        }
    }

    var name: String { kernels.name }
    var testDescription: String { name }
}

/// What a Swift type is called in the set of kernels.
protocol KernelElement: Sendable, Equatable, BitwiseCopyable {
    static var type: DataType { get }
}

extension Float: KernelElement { static var type: DataType { .float32 } }
extension Double: KernelElement { static var type: DataType { .float64 } }
extension Int32: KernelElement { static var type: DataType { .int32 } }
extension UInt8: KernelElement { static var type: DataType { .uint8 } }

extension TestedKernels {
    func unary<T: KernelElement>(_ function: UnaryFunction, _ input: [T]) -> [T] {
        var output = input
        kernels.unary(function, T.type, input, &output, input.count)
        return output
    }

    /// With `left` or `right` of one element where the other has more, that element is repeated.
    func binary<T: KernelElement>(_ function: BinaryFunction, _ left: [T], _ right: [T]) -> [T] {
        var output = left.count > right.count ? left : right
        kernels.binary(
            function, T.type, left, left.count < output.count ? 0 : 1,
            right, right.count < output.count ? 0 : 1, &output, output.count)
        return output
    }
}

/// SplitMix64 (Steele, Lea and Flood, "Fast Splittable Pseudorandom Number Generators", 2014),
/// so that a test sees the same numbers each time.
struct TestGenerator: RandomNumberGenerator {
    var state: UInt64

    init(seed: UInt64) { state = seed }

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var z = state
        z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
        z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
        return z ^ (z >> 31)
    }
}

/// Whether two arrays are the same bit by bit, also in their not-a-numbers and zeros.
func sameBits<T>(_ a: [T], _ b: [T]) -> Bool {
    a.withUnsafeBytes { a in b.withUnsafeBytes { a.elementsEqual($0) } }
}
