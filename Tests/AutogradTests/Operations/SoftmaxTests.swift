import Autograd
import Foundation
import TestSupport
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
        #expect(relativeDistance(loss, expected) < 2e-7)
        let slope = pullback(.ones(like: loss))
        let tail = Float(1 / (1 + Foundation.exp(20.0)))
        let slopes = Tensor([0, 0, 1, -1, 0.25, -tail, tail])
        #expect(relativeDistance(slope, slopes) < 2e-7)

        let classes = Tensor([1e4, 0, 0, 1e4] as [Float], shape: [2, 2])
        let right = crossEntropy(logits: classes, labels: Tensor([0, 1] as [Int32]))
        #expect(right.elements(as: Float.self) == [0, 0])
        let wrong = crossEntropy(logits: classes, labels: Tensor([1, 0] as [Int32]))
        #expect(wrong.elements(as: Float.self) == [1e4, 1e4])
    }

    /// Small losses and slopes keep their digits in single precision, and so do those of hard cases.
    @Test(arguments: [DataType.float32, .float64])
    func binaryCrossEntropyKeepsItsDigits(_ type: DataType) {
        let logits = [12, 16, -12, -16, 60, 0, 1e-3, 5, -5, 5, 3]
        let targets = [1, 1, 0, 0, 1, 1, 0, 0, 1, 0.25, 0.75]
        let loss = zip(logits, targets).map { x, t in
            Swift.max(x, 0) - x * t + Foundation.log1p(Foundation.exp(-Swift.abs(x)))
        }
        let slope = zip(logits, targets).map { x, t in
            x > 0
                ? (1 - t) - 1 / (1 + Foundation.exp(x)) : 1 / (1 + Foundation.exp(-x)) - t
        }
        #expect(Swift.abs(loss[0] - 6.1442e-6) < 1e-10 && Swift.abs(loss[1] - 1.1254e-7) < 1e-11)
        let t = Tensor(targets).cast(to: type)
        let (value, pullback) = valueWithPullback(at: Tensor(logits).cast(to: type)) {
            binaryCrossEntropy(logits: $0, targets: t)
        }
        let tolerance = type == .float32 ? 4e-7 : 1e-15
        #expect(relativeDistance(value, Tensor(loss).cast(to: type)) < tolerance)
        let slopes = pullback(.ones(like: value))
        #expect(relativeDistance(slopes, Tensor(slope).cast(to: type)) < tolerance)
        // The second derivative σ (1 − σ), too.
        let curvature = gradient(at: Tensor(logits).cast(to: type)) { x in
            gradient(at: x) { binaryCrossEntropy(logits: $0, targets: t).sum() }.sum()
        }
        let curvatures = logits.map {
            let decay = Foundation.exp(-Swift.abs($0))
            return decay / ((1 + decay) * (1 + decay))
        }
        #expect(relativeDistance(curvature, Tensor(curvatures).cast(to: type)) < tolerance)
    }

    /// What is sure and right costs nothing, what is sure and wrong infinitely much; either way
    /// the slope is σ(x) − t.
    @Test(arguments: [DataType.float32, .float64])
    func infiniteLogits(_ type: DataType) {
        let infinity = Double.infinity
        let x = Tensor([infinity, -infinity, infinity, -infinity, infinity, .nan]).cast(to: type)
        let t = Tensor([1, 0, 0, 1, 0.25, 1]).cast(to: type)
        let (value, pullback) = valueWithPullback(at: x) {
            binaryCrossEntropy(logits: $0, targets: t)
        }
        let values = numbers(value)
        #expect(values.dropLast() == [0, 0, infinity, infinity, infinity] && values[5].isNaN)
        let slopes = numbers(pullback(.ones(like: value)))
        #expect(slopes.dropLast() == [0, 0, 1, -1, 0.75] && slopes[5].isNaN)
        let curvatures = numbers(
            gradient(at: x) { x in
                gradient(at: x) { binaryCrossEntropy(logits: $0, targets: t).sum() }.sum()
            })
        #expect(curvatures.dropLast() == [0, 0, 0, 0, 0])

        #expect(numbers(softplus(x)).dropLast() == [infinity, 0, infinity, 0, infinity])
        #expect(numbers(logSigmoid(x)).dropLast() == [0, -infinity, 0, -infinity, 0])
        let decay = numbers(gradient(at: x) { logSigmoid($0).sum() })
        #expect(decay.dropLast() == [0, 1, 0, 1, 0])
    }

    /// Classes of logit −∞ are impossible, those of +∞ share all.
    @Test(arguments: [DataType.float32, .float64])
    func infiniteClasses(_ type: DataType) {
        let infinity = Double.infinity
        let x = Tensor(rows: [
            [0, -infinity, 0], [infinity, 3, -infinity], [infinity, 0, infinity],
        ])
        .cast(to: type)
        let shares = numbers(softmax(x))
        #expect(shares == [0.5, 0, 0.5, 1, 0, 0, 0.5, 0, 0.5])
        let half = numbers(log(Tensor(0.5, dataType: type)))[0]
        let logarithms = [half, -infinity, half, 0, -infinity, -infinity, half, -infinity, half]
        #expect(closeness(of: numbers(logSoftmax(x)), to: logarithms, tolerance: 1e-7).passes)

        let labels = Tensor([2, 0, 0] as [Int32])
        let (byLabel, pullback) = valueWithPullback(at: x) {
            crossEntropy(logits: $0, labels: labels)
        }
        let oneHot = oneHot(labels, depth: 3, dataType: type)
        let (byVector, vectorPullback) = valueWithPullback(at: x) {
            crossEntropy(logits: $0, probabilities: oneHot)
        }
        #expect(closeness(of: byVector, to: byLabel, tolerance: 1e-7).passes)
        #expect(closeness(of: numbers(byLabel), to: [-half, 0, -half], tolerance: 1e-7).passes)
        let slopes = pullback(.ones(like: byLabel))
        #expect(
            closeness(
                of: numbers(slopes), to: [0.5, 0, -0.5, 0, 0, 0, -0.5, 0, 0.5],
                tolerance: 1e-7
            ).passes)
        #expect(
            closeness(
                of: vectorPullback(.ones(like: byVector)), to: slopes, tolerance: 1e-7
            ).passes)
        // An impossible class that is the case all the same.
        let impossible = crossEntropy(logits: x[0], labels: Tensor(1, dataType: .int32)).scalar
        #expect(impossible == infinity)
        let soft = Tensor([0.5, 0.5, 0]).cast(to: type)
        #expect(crossEntropy(logits: x[0], probabilities: soft).scalar == infinity)
        // Rows of nothing but −∞ have no softmax.
        #expect(softmax(Tensor([-infinity, -infinity])).isNaN.all().scalar == 1)
        let notANumber = softmax(Tensor([infinity, .nan, 0]).cast(to: type))
        #expect(notANumber.isNaN.all().scalar == 1)
    }

    /// The slope by the targets is −log q, also where a target is 0, unless its class is impossible.
    @Test func softTargets() {
        let logits = Tensor([0.5, -1, 2, -.infinity])
        let targets = Tensor([0.25, 0.75, 0, 0])
        let (value, slopes) = valueWithGradient(at: logits, targets) {
            crossEntropy(logits: $0, probabilities: $1)
        }
        let q = numbers(softmax(logits))
        let expected = -(0.25 * Foundation.log(q[0]) + 0.75 * Foundation.log(q[1]))
        #expect(Swift.abs(value.scalar - expected) < 1e-14)
        let byLogits = zip(q, [0.25, 0.75, 0, 0]).map { $0 - $1 }
        #expect(closeness(of: numbers(slopes.0), to: byLogits, tolerance: 1e-14).passes)
        let byTargets = q.prefix(3).map { -Foundation.log($0) } + [0]
        #expect(closeness(of: numbers(slopes.1), to: byTargets, tolerance: 1e-14).passes)
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

/// The greatest distance of elements, relative to those expected; of zeros as it is.
private func relativeDistance(_ actual: Tensor, _ expected: Tensor) -> Double {
    zip(numbers(actual), numbers(expected)).map { actual, expected in
        expected == 0 ? Swift.abs(actual) : Swift.abs(actual / expected - 1)
    }.max() ?? 0
}
