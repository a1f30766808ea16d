import Foundation
import TestSupport
import Testing

@testable import Autograd

/// Rules of one's own, recomputation, threads, and what the tape keeps.
@Suite struct TapeTests {
    private static let x = Tensor([0.3, -0.8, 1.2])

    @Test func stoppedGradients() {
        #expect(
            numbers(gradient(at: Self.x) { (stopGradient($0) * $0).sum() }) == [0.3, -0.8, 1.2])
        #expect(numbers(gradient(at: Self.x) { stopGradient($0 * $0).sum() }) == [0, 0, 0])
        // A constant of all scopes, not of the innermost alone.
        let outer = gradient(at: Self.x) { x in
            gradient(at: Self.x) { y in (stopGradient(x) * x * y).sum() }.sum()
        }
        #expect(numbers(outer) == [0.3, -0.8, 1.2])
    }

    // MARK: Rules of one's own

    @Test func straightThroughEstimation() {
        let (value, pullback) = valueWithPullback(at: Self.x) { x in
            customDerivative(at: x) {
                round($0)
            } pullback: { _, _, cotangent in
                cotangent
            }
        }
        #expect(numbers(value) == [0, -1, 1])
        #expect(numbers(pullback(Tensor([1.0, 2, 3]))) == [1, 2, 3])
        #expect(numbers(customDerivative(at: Self.x, of: { floor($0) }) { $2 }) == [0, -1, 1])
    }

    /// The rule that is given counts, at both orders, not the function's own.
    @Test func customRulesAreUsed() {
        func cubed(_ x: Tensor) -> Tensor {
            customDerivative(at: x) {
                $0 * $0 * $0
            } pullback: { x, y, cotangent in
                #expect(numbers(y) == numbers(x * x * x))
                return cotangent * 7 * x
            }
        }
        #expect(
            closeness(
                of: numbers(gradient(at: Self.x) { cubed($0).sum() }),
                to: numbers(Self.x).map { 7 * $0 }, tolerance: 1e-15
            ).passes)
        let second = gradient(at: Self.x) { x in gradient(at: x) { cubed($0).sum() }.sum() }
        #expect(numbers(second) == [7, 7, 7])
    }

    @Test func customRulesOfSeveralTensors() {
        func product(_ a: Tensor, _ b: Tensor) -> Tensor {
            customDerivative(at: [a, b]) {
                $0[0] * $0[1]
            } pullback: { arguments, _, cotangent in
                [cotangent * arguments[1], cotangent * arguments[0]]
            }
        }
        let check = gradientCheck(at: Self.x, Tensor([2.0, -1, 0.5]), order: 2) {
            product($0, sin($1))
        }
        #expect(check.passes, "\(check)")
        // Only one of them watched.
        #expect(
            numbers(gradient(at: Self.x) { product($0, Self.x + 1).sum() }) == [1.3, 1 - 0.8, 2.2])
    }

    // MARK: Recomputation

    private static func layer(_ x: Tensor) -> Tensor { tanh(x * x) * exp(-x) }

    @Test func checkpointedEqualsPlain() {
        let plain = valueWithGradient(at: Self.x) { Self.layer($0).sum() }
        let recomputed = valueWithGradient(at: Self.x) { checkpointed($0, Self.layer).sum() }
        #expect(recomputed.value.isIdentical(to: plain.value))
        #expect(recomputed.gradient.isIdentical(to: plain.gradient))
        let second = gradient(at: Self.x) { x in gradient(at: x) { Self.layer($0).sum() }.sum() }
        let recomputedSecond = gradient(at: Self.x) { x in
            gradient(at: x) { checkpointed($0, Self.layer).sum() }.sum()
        }
        #expect(closeness(of: recomputedSecond, to: second, tolerance: 1e-14).passes)
        #expect(checkpointed(Self.x, Self.layer).isIdentical(to: Self.layer(Self.x)))
        let check = gradientCheck(at: Self.x, Self.x + 1, order: 2) { x, y in
            checkpointed([x, y]) { sin($0[0]) * $0[1] * $0[1] }
        }
        #expect(check.passes, "\(check)")
    }

    /// Of all arguments only some may be watched.
    @Test func checkpointedWithConstants() {
        let slope = gradient(at: Self.x) { x in
            checkpointed([x, Tensor([2.0, 3, 4])]) { $0[0] * $0[1] }.sum()
        }
        #expect(numbers(slope) == [2, 3, 4])
    }

    @Test func checkpointedEvaluatesAgainInTheSweep() {
        var evaluations = 0
        _ = gradient(at: [Self.x, Self.x, Self.x]) { x in
            let y = checkpointed(x) { x in
                evaluations += 1
                return x[0] * x[1] * x[2]
            }
            #expect(evaluations == 1)
            return y.sum()
        }
        #expect(evaluations == 2)
    }

    // MARK: Threads

    @Test func threadsDifferentiateAtOnce() async {
        let expected = numbers(Self.x).map { Foundation.exp($0) * 3 }
        await withTaskGroup(of: Bool.self) { group in
            for _ in 0..<4 {
                group.addTask {
                    (0..<50).allSatisfy { _ in
                        let slope = gradient(at: Self.x) { x in
                            gradient(at: x) { (exp($0) + exp($0) + exp($0)).sum() }.sum()
                        }
                        return closeness(of: numbers(slope), to: expected, tolerance: 1e-14).passes
                    }
                }
            }
            for await passes in group { #expect(passes) }
        }
    }

    // MARK: Memory

    /// The tape a function's argument is recorded on, after the function and all it returned
    /// have gone.
    private func tape(of differentiate: ((Tensor) -> Void) -> Void) -> Tape? {
        weak var tape: Tape?
        differentiate { tape = $0.tape }
        return tape
    }

    @Test func tapesGoWithTheirScopes() {
        #expect(
            tape { seen in
                _ = gradient(at: Self.x) { x in
                    seen(x)
                    return Self.layer(x).sum()
                }
            } == nil)
        #expect(
            tape { seen in
                _ = gradient(at: Self.x) { x in
                    seen(x)
                    return Tensor(1)
                }
            } == nil)
        #expect(
            tape { seen in
                let (_, pullback) = valueWithPullback(at: Self.x) { x in
                    seen(x)
                    return Self.layer(x)
                }
                _ = pullback(Self.x)
            } == nil)
        #expect(
            tape { seen in
                let (_, pullback) = valueWithPullback(at: Self.x) { x in
                    seen(x)
                    return checkpointed(x, Self.layer)
                }
                _ = pullback(Self.x)
            } == nil)
        #expect(
            tape { seen in
                _ = hessian(at: Self.x) { x in
                    seen(x)
                    return Self.layer(x).sum()
                }
            } == nil)
    }

    /// A sweep lets go of what an entry kept as soon as it is past it.
    @Test func sweepsLetGo() {
        weak var storage: Storage?
        var wasThere = false
        var wasGone = false
        _ = gradient(at: Self.x) { x in
            let first = customDerivative(at: x) {
                $0 * 1
            } pullback: { _, _, cotangent in
                wasGone = storage == nil
                return cotangent
            }
            // The logarithm's rule keeps its argument; the sum's keeps nothing of its own.
            let squared = square(first) + 1
            storage = squared.storage
            let logarithm = log(squared)
            return customDerivative(at: logarithm) {
                $0.sum()
            } pullback: { x, _, cotangent in
                wasThere = storage != nil
                return cotangent.broadcast(to: x.shape)
            }
        }
        #expect(wasThere)
        #expect(wasGone)
    }

    /// In the steady state of a loop the pool serves all memory. In a process of its own: the
    /// pool is the process's.
    @Test func steadyLoopsDoNotAllocate() async {
        await #expect(processExitsWith: .success) {
            var generator = RandomGenerator(seed: 1)
            let images = generator.uniform([32, 64])
            var weights = [generator.normal([64, 20]), generator.normal([20, 64])]
            func step() {
                let slopes = gradient(at: weights) { weights in
                    let output = sigmoid(matmul(tanh(matmul(images, weights[0])), weights[1]))
                    return square(output - images).mean()
                }
                for index in weights.indices { weights[index] -= 0.1 * slopes[index] }
            }
            for _ in 0..<5 { step() }
            let before = StoragePool.shared.systemAllocations
            for _ in 0..<50 { step() }
            #expect(StoragePool.shared.systemAllocations == before)
            StoragePool.shared.trim()
            step()
            #expect(StoragePool.shared.systemAllocations > before)
        }
    }
}
