import Foundation
import KernelInterface
import Testing

@testable import Autograd

/// Elementwise operations on large tensors are computed when read, several in one pass. The whole
/// suite runs with all sizes fused where `TAPESTRY_FUSED_FROM` is 1; these tests see to what is
/// peculiar to large ones.
@Suite struct FusionTests {
    private static let count = 3 * (1 << 14) + 7

    private static func normal(
        _ shape: [Int], seed: UInt64, dataType: DataType = .float32
    ) -> Tensor {
        var generator = RandomGenerator(seed: seed)
        return generator.normal(shape, dataType: dataType)
    }

    /// The result with every operation computed for itself.
    private func eagerly(_ x: Tensor, _ steps: [(Tensor) -> Tensor]) -> Tensor {
        steps.reduce(x) { value, step in
            let next = step(value)
            next.evaluate()
            return next
        }
    }

    @Test(arguments: [DataType.float32, .float64])
    func chainsEqualTheirOperationsToTheBit(_ type: DataType) {
        let x = Self.normal([Self.count], seed: 1, dataType: type)
        let y = Self.normal([Self.count], seed: 2, dataType: type)
        let steps: [(Tensor) -> Tensor] = [
            { sigmoid($0) }, { $0 * y }, { $0 + x }, { exp(-$0 * $0) }, { $0 / 3 - y },
            { select($0 .> 0, $0, x) }, { maximum($0, y) }, { tanh($0) },
        ]
        let fused = steps.reduce(x) { $1($0) }
        #expect(fused.isIdentical(to: eagerly(x, steps)))
    }

    /// Operands of every kind of repetition, against the same computed on small parts, which are
    /// not fused.
    @Test(arguments: [[1], [400], [300, 1], [1, 400], [1, 1]])
    func repeatedOperandsAreReadWhereTheyBelong(_ shape: [Int]) {
        let x = Self.normal([300, 400], seed: 3)
        let operand = Self.normal(shape, seed: 4)
        let fused = (x * operand + operand) - exp(operand.broadcast(to: [300, 400]))
        for row in [0, 1, 150, 299] {
            let part = shape.first == 300 ? operand[row..<row + 1] : operand
            let own = x[row..<row + 1]
            let expected = (own * part + part) - exp(part.broadcast(to: [1, 400]))
            #expect(fused[row..<row + 1].isIdentical(to: expected))
        }
    }

    @Test func channelsAndOtherRepetitions() {
        let x = Self.normal([8, 4, 20, 30], seed: 5)
        for shape in [[4, 1, 1], [1, 4, 20, 1], [8, 1, 20, 1], [8, 1, 1, 30], [20, 30]] {
            let operand = Self.normal(shape, seed: 6)
            let fused = tanh(x * operand)
            let whole = operand.broadcast(to: x.shape)
            whole.evaluate()
            let product = x * whole
            product.evaluate()
            #expect(fused.isIdentical(to: tanh(product)), "\(shape)")
        }
    }

    @Test func masksAndIntegersFuse() {
        let x = Self.normal([Self.count], seed: 7)
        let mask = (x .> 0.5) .& (x .< 1)
        let counted = mask.cast(to: .int32).sum().scalar
        let expected = x.elements(as: Float.self).filter { $0 > 0.5 && $0 < 1 }.count
        #expect(counted == Double(expected))
    }

    @Test func valuesWrittenOnTheWayStayWhatTheyAre() {
        // A value that is kept is written in the same pass as what follows from it, and is not
        // the memory that what follows is written to.
        let x = Self.normal([Self.count], seed: 8)
        let kept = exp(x)
        let also = kept + 1
        let last = also * kept
        last.evaluate()
        let reference = eagerly(x, [{ exp($0) }])
        #expect(kept.isIdentical(to: reference))
        #expect(also.isIdentical(to: eagerly(reference, [{ $0 + 1 }])))
        #expect(last.isIdentical(to: eagerly(reference, [{ ($0 + 1) * reference }])))
    }

    @Test func operandsOfOthersAreNotOverwritten() {
        var x = Self.normal([Self.count], seed: 9)
        let before = x
        let copy = x.elements(as: Float.self)
        x += 1
        x *= x
        x.evaluate()
        #expect(before.elements(as: Float.self) == copy)
        #expect(x.elements(as: Float.self) == copy.map { ($0 + 1) * ($0 + 1) })
    }

    @Test func memoryNobodyRefersToIsUsedAgain() {
        var x = Self.normal([Self.count], seed: 10) + 1
        let address = x.storage.pointer
        for _ in 0..<3 {
            x = x * 0.5 + 1
            x.evaluate()
        }
        #expect(x.storage.pointer == address)
    }

    @Test func longChainsAndThoseThatDoubleEnd() {
        var x = Self.normal([Self.count], seed: 11)
        let first = Double(x.elements(as: Float.self)[0])
        for _ in 0..<200 { x = x + 1 }
        #expect(abs(x[0].scalar - (first + 200)) < 1e-2)
        var y = Tensor(repeating: 1, shape: [Self.count])
        for _ in 0..<60 { y = 0.5 * (y + y) }
        #expect(y.sum().scalar == Double(Self.count))
    }

    @Test(arguments: [[70_001], [1 << 15], [300, 400], [3, 20_000], [2, 70_000], [40_000, 1]])
    func sumsOfChainsEqualThoseOfMemory(_ shape: [Int]) {
        let x = Self.normal(shape, seed: 15)
        let kept = exp(x) * x
        kept.evaluate()
        #expect((exp(x) * x).sum().isIdentical(to: kept.sum()))
        #expect((exp(x) * x).sum(axes: [-1]).isIdentical(to: kept.sum(axes: [-1])))
        #expect((exp(x) * x).sum(axes: [0]).isIdentical(to: kept.sum(axes: [0])))
        // Summed, and then used otherwise.
        let chain = exp(x) * x
        let sums = (chain.sum(), chain.sum())
        #expect(sums.0.isIdentical(to: sums.1))
        #expect(chain.isIdentical(to: kept))
    }

    @Test func whatIsNotReadIsNotComputed() {
        let x = Self.normal([Self.count], seed: 12)
        func isOpen(_ tensor: Tensor) -> Bool {
            guard let expression = tensor.storage.expression else { return false }
            return Expression.lock.withLock {
                if case .open = expression.state { true } else { false }
            }
        }
        let unread = exp(x)
        let read = tanh(x)
        read.evaluate()
        #expect(isOpen(unread))
        #expect(!isOpen(read))
    }

    @Test func threadsReadTheSameResult() async {
        // Several threads ask at once for values that share expressions.
        let x = Self.normal([Self.count], seed: 13)
        let reference = eagerly(x, [{ exp($0) }, { $0 * 2 }, { $0 - 1 }])
        for _ in 0..<20 {
            let shared = exp(x) * 2
            await withTaskGroup(of: Bool.self) { group in
                for _ in 0..<4 {
                    group.addTask { (shared - 1).isIdentical(to: reference) }
                }
                for await isEqual in group { #expect(isEqual) }
            }
        }
    }

    @Test func derivativesOfFusedChains() {
        let x = Self.normal([Self.count], seed: 14, dataType: .float64)
        let slope = gradient(at: x) { (sigmoid($0) * tanh($0) + exp(-$0 * $0)).sum() }
        for index in [0, 1, 2047, 2048, Self.count - 1] {
            let own = x[index..<index + 1]
            let expected = gradient(at: own) { (sigmoid($0) * tanh($0) + exp(-$0 * $0)).sum() }
            #expect(abs(slope[index].scalar - expected[0].scalar) < 1e-14)
        }
    }

    @Test func infinitiesAndNaNPropagate() {
        var elements = [Float](repeating: 1, count: Self.count)
        elements[5] = .nan
        elements[6] = .infinity
        elements[7] = -.infinity
        let result = (Tensor(elements) * 0 + 1).elements(as: Float.self)
        #expect(result[5].isNaN && result[6].isNaN && result[7].isNaN)
        #expect(result[4] == 1 && result[8] == 1)
        #expect(relu(Tensor(elements)).elements(as: Float.self)[7] == 0)
    }
}
