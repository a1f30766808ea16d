import Autograd
import Foundation
import ModelTestSupport
import Models
import TestSupport
import Testing

@Suite struct DecoderTests {
    // MARK: Bernoulli

    @Test func bernoulliEqualsClosedForm() {
        let logits = [-2.0, 0, 0.5, 3, 1, -1]
        let targets = [0.0, 1, 0.25, 1, 0, 0.5]
        let found = Independent(Bernoulli(logits: Tensor(logits, shape: [2, 3])))
            .logProbability(of: Tensor(targets, shape: [2, 3]))
        #expect(found.shape == [2])
        for sample in 0..<2 {
            let expected = (3 * sample..<3 * sample + 3).reduce(0.0) { sum, index in
                let probability = 1 / (1 + exp(-logits[index]))
                return sum + targets[index] * log(probability)
                    + (1 - targets[index]) * log(1 - probability)
            }
            #expect(abs(found.elements(as: Double.self)[sample] - expected) < 1e-12)
        }
    }

    @Test(arguments: [DataType.float32, .float64])
    func saturatedBernoulliIsFinite(dataType: DataType) {
        let logits = Tensor([1e4, -1e4, 1e4, -1e4]).reshaped([4, 1]).cast(to: dataType)
        let targets = Tensor([1.0, 0, 0, 1]).reshaped([4, 1]).cast(to: dataType)
        let bernoulli = Independent(Bernoulli(logits: logits))
        let found = bernoulli.logProbability(of: targets).cast(to: .float64)
        #expect(found.elements(as: Double.self) == [0, 0, -1e4, -1e4])
        let slope = gradient(at: logits) {
            Independent(Bernoulli(logits: $0)).logProbability(of: targets).sum()
        }
        #expect(slope.cast(to: .float64).elements(as: Double.self) == [0, 0, -1, 1])
        #expect(bernoulli.mean.cast(to: .float64).elements(as: Double.self) == [1, 0, 1, 0])
    }

    @Test func bernoulliFromProbabilitiesHasThemAsMean() {
        let probabilities = Tensor([0.001, 0.3, 0.5, 0.999], shape: [1, 4])
        let mean = Independent(Bernoulli(probabilities: probabilities)).mean
        #expect(abs(mean - probabilities).max().scalar < 1e-15)
    }

    /// 0 log 0 = 0: what is certain has log-probability 0 and a finite slope, what is impossible
    /// has −∞.
    @Test(arguments: [DataType.float32, .float64])
    func certainBernoulli(dataType: DataType) {
        let p = Tensor([0, 1, 0.25, 1, 0, 0]).reshaped([6, 1]).cast(to: dataType)
        let x = Tensor([0, 1, 1, 0, 1, 0.5]).reshaped([6, 1]).cast(to: dataType)
        let bernoulli = Independent(Bernoulli(probabilities: p))
        let found = numbers(bernoulli.logProbability(of: x))
        let minusInfinity = -Double.infinity
        #expect(found[0] == 0 && found[1] == 0 && abs(found[2] - log(0.25)) < 1e-7)
        #expect(Array(found[3...]) == [minusInfinity, minusInfinity, minusInfinity])
        #expect(bernoulli.mean.isIdentical(to: p))
        // x / p − (1 − x) / (1 − p).
        let slopes = numbers(
            gradient(at: p) {
                Independent(Bernoulli(probabilities: $0)).logProbability(of: x).sum()
            })
        #expect(Array(slopes[..<3]) == [-1, 1, 4])
        let curvatures = numbers(
            gradient(at: p) { p in
                gradient(at: p) {
                    Independent(Bernoulli(probabilities: $0)).logProbability(of: x).sum()
                }.sum()
            })
        #expect(Array(curvatures[..<3]) == [-1, -1, -16])
        // By samples: log p − log(1 − p), also where a sample is 0.
        let bySample = gradient(at: Tensor([0.0, 1, 0.5], shape: [3, 1])) {
            Independent(Bernoulli(probabilities: Tensor([0.2, 0.2, 0.2], shape: [3, 1])))
                .logProbability(of: $0).sum()
        }
        #expect(abs(bySample - log(0.25)).max().scalar < 1e-14)
        // Logits that are certain, too.
        let logits = Independent(Bernoulli(logits: bernoulli.logits[0..<2]))
        #expect(numbers(logits.logProbability(of: x[0..<2])) == [0, 0])
    }

    @Test func bernoulliSamplesHaveTheirProbability() {
        var generator = RandomGenerator(seed: 5)
        let logits = Tensor([-1.0, 0.4]).broadcast(to: [50_000, 2])
        let bernoulli = Independent(Bernoulli(logits: logits))
        let samples = bernoulli.sample(using: &generator)
        #expect((samples * (1 - samples)).max().scalar == 0, "zeros and ones")
        // Four standard errors of a frequency are at most 0.009.
        let deviation = abs(samples.mean(axes: [0]) - bernoulli.mean[0])
        #expect(deviation.max().scalar < 0.009)
    }

    // MARK: Normal

    @Test func gaussianEqualsClosedForm() {
        let x = Tensor([0.5, -1, 2, 0.1], shape: [2, 2])
        let mean = Tensor([0.0, 0.5, 1, 0.1], shape: [2, 2])
        let logScale = Tensor([-0.3, 0.7], shape: [2])
        let found = Independent(Normal(mean: mean, logScale: logScale)).logProbability(of: x)
            .elements(as: Double.self)
        func component(_ x: Double, _ mean: Double, _ logScale: Double) -> Double {
            let scale = exp(logScale)
            return log(
                exp(-(x - mean) * (x - mean) / (2 * scale * scale))
                    / (scale * (2 * Double.pi).squareRoot()))
        }
        #expect(found.count == 2)
        #expect(abs(found[0] - component(0.5, 0, -0.3) - component(-1, 0.5, 0.7)) < 1e-12)
        #expect(abs(found[1] - component(2, 1, -0.3) - component(0.1, 0.1, 0.7)) < 1e-12)
    }

    @Test func gaussianSamplesHaveItsMoments() {
        var generator = RandomGenerator(seed: 6)
        let gaussian = Independent(
            Normal(mean: Tensor(repeating: 3, shape: [100_000, 1]), scale: 0.5))
        let samples = gaussian.sample(using: &generator)
        #expect(samples.shape == [100_000, 1])
        // Four standard errors: of the mean 0.0063, of the variance 0.0045.
        #expect(abs(samples.mean().scalar - 3) < 0.0063)
        #expect(abs(samples.variance().scalar - 0.25) < 0.0045)
    }

    @Test func gaussianDecodersScales() {
        var generator = RandomGenerator(seed: 7)
        let head = MultilayerPerceptron([2, 6], using: &generator)
        let code = generator.normal([4, 2])
        let output = head(code)

        let fixed = GaussianDecoder(head, scale: .fixed(0.1))(code)
        #expect(fixed.mean.isIdentical(to: output))
        #expect(abs(exp(fixed.logScale) - 0.1).max().scalar < 1e-6)

        var learned = GaussianDecoder(head, scale: .learned)
        #expect(learned.parameters.map(\.path).last == "logScale")
        #expect(abs(learned(code).logScale).max().scalar < 1e-6)
        learned.logScale = Tensor(1)
        #expect(abs(learned(code).logScale - 1).max().scalar < 0.003)
        learned.logScale = Tensor(-1e4)
        #expect(abs(learned(code).logScale + 7).max().scalar < 0.001)

        let predicted = GaussianDecoder(head, scale: .predicted)(code)
        #expect(predicted.mean.isIdentical(to: output.sliced(axis: 1, 0..<3)))
        #expect(predicted.logScale.shape == [4, 3])
        let wanted = output.sliced(axis: 1, 3..<6)
        #expect(abs(predicted.logScale - wanted).max().scalar < 0.05)
    }

    @Test func learnedScaleBecomesTheResidualsDeviation() {
        // The likelihood is greatest where the scale is the root of the mean squared error.
        let residuals = Tensor([0.3, -0.4, 0.2, 0.1], shape: [4, 1])
        let best = log((residuals * residuals).mean().scalar.squareRoot())
        let slope = gradient(at: Tensor(best, dataType: .float64)) { logScale in
            Independent(Normal(mean: Tensor.zeros(like: residuals), logScale: logScale))
                .logProbability(of: residuals).sum()
        }
        #expect(abs(slope.scalar) < 1e-12)
    }

    // MARK: Categorical

    @Test func categoricalEqualsClosedForm() {
        let logits = [[0.1, 2, -1], [0, 0, 0], [5, 4, 3], [-2, 1, 1.5]]
        let labels: [Int32] = [2, 0, 1, 2]
        let categorical = Independent(
            Categorical(logits: Tensor(rows: logits).reshaped([2, 2, 3])))
        let found = categorical.logProbability(of: Tensor(labels, shape: [2, 2]))
        #expect(found.shape == [2])
        let each = zip(logits, labels).map { logits, label in
            logits[Int(label)] - log(logits.reduce(0) { $0 + exp($1) })
        }
        let values = found.elements(as: Double.self)
        #expect(abs(values[0] - each[0] - each[1]) < 1e-12)
        #expect(abs(values[1] - each[2] - each[3]) < 1e-12)

        let vectors = oneHot(Tensor(labels, shape: [2, 2]), depth: 3, dataType: .float64)
        #expect(abs(categorical.logProbability(of: vectors) - found).max().scalar < 1e-12)
        #expect(abs(categorical.mean.sum(axes: [-1]) - 1).max().scalar < 1e-15)
    }

    @Test func saturatedCategoricalIsFinite() {
        let logits = Tensor(rows: [[1e4, -1e4, 0], [1e4, -1e4, 0]] as [[Float]])
        let labels = Tensor([0, 1] as [Int32])
        let (value, slope) = valueWithGradient(at: logits) {
            Independent(Categorical(logits: $0)).logProbability(of: labels).sum()
        }
        #expect(value.scalar == -2e4)
        #expect(slope.elements(as: Float.self) == [0, 0, 0, -1, 1, 0])
        let vectors = oneHot(labels, depth: 3)
        let second = valueWithGradient(at: logits) {
            Independent(Categorical(logits: $0)).logProbability(of: vectors).sum()
        }
        #expect(second.value.scalar == -2e4)
        #expect(second.gradient.elements(as: Float.self) == [0, 0, 0, -1, 1, 0])
    }

    /// Masked by −∞ a class is impossible: for vectors as for class numbers.
    @Test func maskedClasses() {
        let infinity = Double.infinity
        let logits = Tensor(rows: [[0.3, -infinity, 1], [-infinity, 2, -infinity]])
        let labels = Tensor([2, 1] as [Int32])
        let vectors = oneHot(labels, depth: 3, dataType: .float64)
        let (byNumber, slopes) = valueWithGradient(at: logits) {
            Independent(Categorical(logits: $0)).logProbability(of: labels).sum()
        }
        let (byVector, vectorSlopes) = valueWithGradient(at: logits) {
            Independent(Categorical(logits: $0)).logProbability(of: vectors).sum()
        }
        #expect(abs(byNumber.scalar + log(1 + exp(-0.7))) < 1e-14)
        #expect(byVector.scalar == byNumber.scalar)
        #expect(closeness(of: vectorSlopes, to: slopes, tolerance: 1e-14).passes)
        #expect(slopes.isFinite.all().scalar == 1)
        let soft = Tensor(rows: [[0.5, 0, 0.5], [0, 1, 0]])
        let expected = -log(1 + exp(0.7)) / 2 - log(1 + exp(-0.7)) / 2
        let found = numbers(Independent(Categorical(logits: logits)).logProbability(of: soft))
        #expect(abs(found[0] - expected) < 1e-14 && found[1] == 0)
        let impossible = Independent(Categorical(logits: logits)).logProbability(
            of: Tensor([1, 0] as [Int32]))
        #expect(numbers(impossible) == [-infinity, -infinity])
        var generator = RandomGenerator(seed: 3)
        let samples = Independent(Categorical(logits: logits)).sample(using: &generator)
        #expect(numbers(samples[1]) == [0, 1, 0])
    }

    @Test func aScaleThatIsNoneTraps() async {
        // As texts: what a child process is given must be finite.
        for scale in ["0.0", "-1.0", "nan", "inf"] {
            let result = await #expect(
                processExitsWith: .failure, observing: [\.standardErrorContent]
            ) { [scale = scale as String] in
                _ = Independent(Normal(mean: .zeros([2, 3]), scale: Double(scale) ?? 1))
            }
            #expect(message(of: result).contains("Normal: the scale \(scale) is not positive"))
        }
    }

    @Test func categoricalSamplesHaveTheirProbabilities() {
        var generator = RandomGenerator(seed: 8)
        let categorical = Independent(
            Categorical(
                logits: Tensor([0.0, 1, -1]).broadcast(to: [50_000, 3])))
        let samples = categorical.sample(using: &generator)
        #expect(samples.sum(axes: [-1]).min().scalar == 1)
        #expect(samples.max(axes: [-1]).min().scalar == 1)
        let deviation = abs(samples.mean(axes: [0]) - categorical.mean[0])
        #expect(deviation.max().scalar < 0.009)
    }

    @Test func categoricalDecoderSplitsComponents() {
        var generator = RandomGenerator(seed: 9)
        let head = MultilayerPerceptron([2, 12], using: &generator)
        let categorical = CategoricalDecoder(head, classes: 4)(generator.normal([5, 2]))
        #expect(categorical.logits.shape == [5, 3, 4])
        let labels = generator.integers([5, 3], in: 0..<4)
        #expect(categorical.logProbability(of: labels).shape == [5])
    }

    // MARK: Shapes

    @Test func targetsDoNotBroadcast() async {
        var result = await #expect(
            processExitsWith: .failure, observing: [\.standardErrorContent]
        ) {
            _ = Independent(Bernoulli(logits: .zeros([2, 3]))).logProbability(of: .zeros([2, 1]))
        }
        #expect(message(of: result).contains("Bernoulli: a value of shape [2, 1]"))
        result = await #expect(
            processExitsWith: .failure, observing: [\.standardErrorContent]
        ) {
            _ = Independent(Normal(mean: .zeros([2, 3]), scale: 1)).logProbability(of: .zeros([3]))
        }
        #expect(message(of: result).contains("Normal: a value of shape [3]"))
        result = await #expect(
            processExitsWith: .failure, observing: [\.standardErrorContent]
        ) { _ = Independent(Categorical(logits: .zeros([2, 3]))).logProbability(of: .zeros([2])) }
        #expect(message(of: result).contains("neither class numbers nor probabilities"))
    }
}
