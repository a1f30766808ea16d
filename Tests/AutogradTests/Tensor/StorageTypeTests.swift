import Autograd
import TestSupport
import Testing

/// Tensors of `float16` and `bfloat16`, which only store.
@Suite struct StorageTypeTests {
    static let types = [DataType.float16, .bfloat16]
    /// Exact in both types.
    private let x = Tensor([1, -2, 0.5, 96, -0.0, 3], shape: [2, 3])

    @Test(arguments: types) func numbersAreConverted(_ type: DataType) {
        let stored = x.cast(to: type)
        #expect(stored.dataType == type && stored.shape == [2, 3])
        for other in [DataType.float32, .float64, .int32] {
            #expect(stored.cast(to: other).isIdentical(to: x.cast(to: other)))
        }
        let exact = Tensor([0.1, 1e6, 1e300, .nan]).cast(to: type).cast(to: .float64)
        let expected: [Double] =
            type == .float16 ? [0.0999755859375, .infinity] : [0.10009765625, 999424]
        #expect(exact.elements(as: Double.self).dropLast(2) == expected[...])
        #expect(numbers(exact)[2] == .infinity && numbers(exact)[3].isNaN)
        #expect(Tensor(2.5, dataType: type).scalar == 2.5)
        #expect(
            numbers(Tensor(repeating: 3, shape: [70_000], dataType: type)).allSatisfy { $0 == 3 })
        // Elementwise chains that are long are computed late.
        let long = Tensor.range(50_000).cast(to: .float32) * 0.5
        let back = (long.cast(to: type).cast(to: .float32) - long).cast(to: type)
        #expect(numbers(back)[..<256].allSatisfy { $0 == 0 })
    }

    @Test func elementsHaveSwiftTypes() {
        let brain = Tensor([1, -2.5]).cast(to: .bfloat16).elements(as: BFloat16.self)
        #expect(brain.map(\.bitPattern) == [0x3F80, 0xC020])
        #expect(brain.map(\.asDouble) == [1, -2.5])
        #expect(Tensor([BFloat16(bitPattern: 0x3F80)]).cast(to: .float32) == Tensor([1 as Float]))
        #if !(os(macOS) && arch(x86_64))
            let half = Tensor([1, -2.5]).cast(to: .float16).elements(as: Float16.self)
            #expect(half == [1, -2.5] && half[1].asDouble == -2.5)
            #expect(Tensor([0.1 as Float16]).isIdentical(to: Tensor([0.1]).cast(to: .float16)))
        #endif
    }

    @Test(arguments: types) func elementsAreMoved(_ type: DataType) {
        let stored = x.cast(to: type)
        func check(
            _ move: (Tensor) -> Tensor, sourceLocation: SourceLocation = #_sourceLocation
        ) {
            #expect(
                move(stored).isIdentical(to: move(x).cast(to: type)),
                sourceLocation: sourceLocation)
        }
        check { $0.reshaped([3, 2]) }
        check { $0.transposed() }
        check { $0.sliced(axis: 1, 1..<3) }
        check { $0[1, .all] }
        check { $0.gathered(at: Tensor([1, 0, 1] as [Int32])) }
        check { $0.gatheredAlong(axis: 1, at: Tensor([2, 0] as [Int32], shape: [2, 1])) }
        check { concatenated([$0, $0], axis: 1) }
        check { stacked([$0, $0]) }
        check { $0.broadcast(to: [4, 2, 3]) }
        check { $0.padded([(1, 0), (0, 2)]) }
        check { $0.tiled([2, 1]) }
        check { select(Tensor([true, false, true]), $0, $0[.all, 0..<1]) }
        check { x in
            var changed = x
            changed[0, 1] = x[1, 0]
            return changed
        }
    }

    @Test(arguments: types) func tensorsAreComparedAndPrinted(_ type: DataType) {
        let stored = x.cast(to: type)
        #expect(stored == x.cast(to: type) && stored != -1 * Tensor.ones([2, 3]))
        #expect(stored != (x + 1).cast(to: type))
        // 0 equals −0, to the bit it does not.
        let zero = Tensor([0.0]).cast(to: type)
        let negative = Tensor([-0.0]).cast(to: type)
        #expect(zero == negative && !zero.isIdentical(to: negative))
        #expect(Tensor([Double.nan]).cast(to: type) != Tensor([Double.nan]).cast(to: type))
        #expect(stored.description.hasPrefix("Tensor([2, 3], \(type)) [[ 1.0, -2.0,  0.5],"))
        #expect(stored.allFinite && !Tensor([Double.infinity]).cast(to: type).allFinite)
    }
}

/// Whatever computes says what to do.
let storageTypeTraps: [Trap] = [
    Trap("+: not defined for tensors of float16; cast(to: .float32) first") { _ = half + half },
    Trap("*: not defined for tensors of bfloat16; cast(to: .float32) first") { _ = brain * 2 },
    Trap("exp: not defined for tensors of float16; cast(to: .float32) first") { _ = exp(half) },
    Trap("-: not defined for tensors of bfloat16; cast(to: .float32) first") { _ = -brain },
    Trap("sum: not defined for tensors of float16; cast(to: .float32) first") { _ = half.sum() },
    Trap("max: not defined for tensors of float16; cast(to: .float32) first") { _ = half.max() },
    Trap("argmax: not defined for tensors of float16; cast(to: .float32) first") {
        _ = half.argmax()
    },
    Trap("sortedIndices: not defined for tensors of bfloat16; cast(to: .float32) first") {
        _ = brain.sortedIndices()
    },
    Trap("cumulativeSum: not defined for tensors of float16; cast(to: .float32) first") {
        _ = half.cumulativeSum()
    },
    Trap(".<: not defined for tensors of bfloat16; cast(to: .float32) first") {
        _ = brain.compared(to: brain)
    },
    Trap(".>: not defined for tensors of float16; cast(to: .float32) first") {
        _ = half.exceeds(0.5)
    },
    Trap("maximum: not defined for tensors of float16; cast(to: .float32) first") {
        _ = maximum(half, half)
    },
    Trap("isFinite: not defined for tensors of bfloat16; cast(to: .float32) first") {
        _ = brain.isFinite
    },
    Trap("logGamma: not defined for tensors of float16; cast(to: .float32) first") {
        _ = logGamma(half)
    },
    Trap("choleskyFactor: not defined for tensors of float16; cast(to: .float32) first") {
        _ = choleskyFactor(of: Tensor.identity(2).cast(to: .float16))
    },
    Trap("gradient: tensors of bfloat16 have no derivatives") {
        _ = gradient(at: brain) { $0.cast(to: .float32).sum() }
    },
    Trap("cast: has no derivative, and its operand of shape [2] is watched") {
        _ = gradient(at: zeros(2)) { $0.cast(to: .float16).cast(to: .float32).sum() }
    },
    Trap("elements: a tensor of float16 has no elements of float32") {
        _ = half.elements(as: Float.self)
    },
    Trap("+: data types differ: float16 of shape [2] and float32 of shape [2]") {
        _ = half + zeros(2)
    },
]

extension Tensor {
    fileprivate func compared(to other: Tensor) -> Tensor { self .< other }
    fileprivate func exceeds(_ number: Double) -> Tensor { self .> number }
}

private let half = Tensor([1, 2.0]).cast(to: .float16)
private let brain = Tensor([1, 2.0]).cast(to: .bfloat16)
