import Autograd
import Foundation
import Testing

@Suite struct NormalizationTests {
    @Test(arguments: [0, 1, 2])
    func softmaxAgreesWithItsDefinition(axis: Int) {
        var generator = RandomGenerator(seed: 1)
        let x = generator.normal([3, 4, 5], dataType: .float64)
        let elements = Elements(x)
        func logarithm(_ at: [Int]) -> Double {
            let sum = (0..<x.shape[axis]).reduce(0.0) { sum, position in
                var other = at
                other[axis] = position
                return sum + Foundation.exp(elements[other])
            }
            return elements[at] - Foundation.log(sum)
        }
        let logarithms = Elements.tensor(x.shape, logarithm)
        let expected = Elements.tensor(x.shape) { Foundation.exp(logarithm($0)) }
        #expect(distance(logSoftmax(x, axis: axis), logarithms) < 1e-14)
        #expect(distance(softmax(x, axis: axis), expected) < 1e-14)
    }

    @Test(arguments: [0, 1])
    func derivatives(axis: Int) {
        var generator = RandomGenerator(seed: 2)
        let x = generator.normal([3, 4])
        let plain = gradientCheck(at: x, order: 2) { softmax($0, axis: axis) }
        #expect(plain.passes, "\(plain)")
        let logarithm = gradientCheck(at: x, order: 2) { sin(logSoftmax($0, axis: axis)) }
        #expect(logarithm.passes, "\(logarithm)")
        let labels = generator.integers(axis == 0 ? [4] : [3], in: 0..<3)
        let loss = gradientCheck(at: x, order: 2) {
            square(crossEntropy(logits: $0, labels: labels, axis: axis))
        }
        #expect(loss.passes, "\(loss)")
        let targets = generator.uniform([4])
        let binary = gradientCheck(at: x, targets, order: 2) {
            sin(binaryCrossEntropy(logits: $0, targets: $1))
        }
        #expect(binary.passes, "\(binary)")
    }

    @Test(arguments: [DataType.float32, .float64])
    func finiteWhereSaturated(_ type: DataType) {
        let x = Tensor([1e4, -1e4, 0, 1e4 - 1, -3, 1e4]).reshaped([2, 3]).cast(to: type)
        let labels = Tensor([1, 1] as [Int32])
        let functions: [(Tensor) -> Tensor] = [
            { softmax($0) }, { logSoftmax($0) }, { crossEntropy(logits: $0, labels: labels) },
            { binaryCrossEntropy(logits: $0, targets: .ones(like: $0)) },
            { binaryCrossEntropy(logits: $0, targets: .zeros(like: $0)) },
        ]
        for (index, function) in functions.enumerated() {
            let (value, pullback) = valueWithPullback(at: x, of: function)
            #expect(value.isFinite.all().scalar == 1, "function \(index): \(value)")
            let slope = pullback(.ones(like: value))
            #expect(slope.isFinite.all().scalar == 1, "function \(index): \(slope)")
            let curvature = hessian(at: x) { function($0).sum() }
            #expect(curvature.isFinite.all().scalar == 1, "function \(index): \(curvature)")
        }
    }

    @Test func crossEntropiesWhereSaturated() {
        let logits = Tensor([1e4, -1e4, 1e4, -1e4, 0, 20, -20] as [Float])
        let targets = Tensor([1, 0, 0, 1, 0.25, 1, 0] as [Float])
        let (loss, pullback) = valueWithPullback(at: logits) {
            binaryCrossEntropy(logits: $0, targets: targets)
        }
        let small = Float(Foundation.log1p(Foundation.exp(-20.0)))
        let half = Float(Foundation.log(2.0))
        let expected = Tensor([0, 0, 1e4, 1e4, half, small, small])
        // To rounding of the logits: −log σ(20) is log(1 + e²⁰) − 20.
        #expect(distance(loss / maximum(abs(logits), 1), expected / maximum(abs(logits), 1)) < 2e-7)
        let slope = pullback(.ones(like: loss))
        #expect(distance(slope, Tensor([0, 0, 1, -1, 0.25, 0, 0] as [Float])) < 1e-7)

        let classes = Tensor([1e4, 0, 0, 1e4] as [Float], shape: [2, 2])
        let right = crossEntropy(logits: classes, labels: Tensor([0, 1] as [Int32]))
        #expect(right.elements(as: Float.self) == [0, 0])
        let wrong = crossEntropy(logits: classes, labels: Tensor([1, 0] as [Int32]))
        #expect(wrong.elements(as: Float.self) == [1e4, 1e4])
    }

    @Test func logic() {
        let a = Tensor([true, true, false, false])
        let b = Tensor([true, false, true, false])
        #expect((a .& b).elements(as: Bool.self) == [true, false, false, false])
        #expect((a .| b).elements(as: Bool.self) == [true, true, true, false])
        #expect((.!a).elements(as: Bool.self) == [false, false, true, true])
        #expect((a.reshaped([4, 1]) .& b).shape == [4, 4])
        let pairs = a.reshaped([2, 2])
        #expect(pairs.all(axes: [1]).elements(as: Bool.self) == [true, false])
        #expect(pairs.any(axes: [0]).elements(as: Bool.self) == [true, true])
        #expect(a.any().scalar == 1 && a.all().scalar == 0)
        let none = Tensor.zeros([0], dataType: .bool)
        #expect(none.any().scalar == 0 && none.all().scalar == 1)
    }

    @Test func finiteness() {
        let x = Tensor([1, Double.nan, Double.infinity, -Double.infinity, 0])
        #expect(x.isFinite.elements(as: Bool.self) == [true, false, false, false, true])
        #expect(x.isNaN.elements(as: Bool.self) == [false, true, false, false, false])
        #expect(Tensor([Int32.max]).isFinite.elements(as: Bool.self) == [true])
    }

    @Test func sameBitsForAnyNumberOfThreads() async {
        await #expect(processExitsWith: .success) {
            var generator = RandomGenerator(seed: 3)
            let x = generator.normal([256, 300])
            let labels = generator.integers([256], in: 0..<300)
            let isSame = isSameForAnyNumberOfThreads {
                let (value, pullback) = valueWithPullback(at: x) {
                    crossEntropy(logits: $0, labels: labels).sum()
                        + binaryCrossEntropy(logits: $0, targets: softmax($0, axis: 0)).sum()
                }
                return [value, pullback(.ones(like: value))]
            }
            #expect(isSame)
        }
    }

    @Test func trapsOnMisuse() async {
        func message(_ result: ExitTest.Result?) -> String {
            String(decoding: result?.standardErrorContent ?? [], as: UTF8.self)
        }
        let shape = await #expect(
            processExitsWith: .failure, observing: [\.standardErrorContent]
        ) {
            _ = crossEntropy(logits: .ones([2, 3]), labels: .zeros([3], dataType: .int32))
        }
        #expect(message(shape).contains("crossEntropy: labels of shape [3] for logits of shape"))
        let label = await #expect(
            processExitsWith: .failure, observing: [\.standardErrorContent]
        ) {
            _ = crossEntropy(logits: .ones([2, 3]), labels: Tensor([0, 3] as [Int32]))
        }
        #expect(message(label).contains("index 3 is not in 0..<3"))
        let logic = await #expect(
            processExitsWith: .failure, observing: [\.standardErrorContent]
        ) {
            _ = (Tensor.ones([2]) .& Tensor.ones([2]))
        }
        #expect(message(logic).contains(".&: defined for bool, not for float32"))
    }
}
