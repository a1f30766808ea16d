import Autograd
import Datasets
import Models

/// A model whose likelihood is known: x = W z + b + σ ε with standard normal z and ε, probabilistic principal
/// components.
struct LinearGaussian {
    static let latentSize = 2
    static let size = 5
    static let deviation = 0.6

    let decoder: GaussianDecoder<Dense>
    let samples: Tensor
    let weight: Tensor
    let bias: Tensor

    init() {
        var generator = RandomGenerator(seed: 21)
        weight = generator.normal([Self.size, Self.latentSize], dataType: .float64)
        bias = generator.normal([Self.size], dataType: .float64)
        decoder = GaussianDecoder(Dense(weight: weight, bias: bias), scale: .fixed(Self.deviation))
        samples =
            matmul(
                generator.normal([6, Self.latentSize], dataType: .float64), weight,
                transposingRight: true)
            + bias + Self.deviation * generator.normal([6, Self.size], dataType: .float64)
    }

    /// Of each sample: of a normal distribution with mean b and covariance W Wᵀ + σ².
    var logLikelihood: Tensor { logLikelihood(of: samples) }

    /// The same of others.
    func logLikelihood(of samples: Tensor) -> Tensor {
        let covariance =
            matmul(weight, weight, transposingRight: true)
            + Self.deviation * Self.deviation * Tensor.identity(Self.size, dataType: .float64)
        return MultivariateNormal(
            mean: bias, choleskyFactor: choleskyFactor(of: covariance)
        ).logProbability(of: samples)
    }

    /// The exact posterior, with mean M⁻¹ Wᵀ (x − b) and covariance σ² M⁻¹, M = Wᵀ W + σ².
    var exactEncoder: FullCovarianceEncoder<Dense> {
        let variance = Self.deviation * Self.deviation
        let m =
            matmul(weight, weight, transposingLeft: true)
            + variance * Tensor.identity(Self.latentSize, dataType: .float64)
        let inverse = solve(m, Tensor.identity(Self.latentSize, dataType: .float64))
        let map = matmul(inverse, weight, transposingRight: true)
        let factor = choleskyFactor(of: variance * inverse)
        var encoder = Self.encoder(seed: 3)
        encoder.base.mean = Dense(
            weight: map, bias: -matmul(map, bias.expandingAxis(1)).flattened(fromAxis: 0))
        encoder.base.logVariance = Dense(
            weight: Tensor.zeros([Self.latentSize, Self.size], dataType: .float64),
            bias: 2 * log(factor.diagonal()))
        encoder.below = Dense(
            weight: Tensor.zeros([1, Self.size], dataType: .float64), bias: factor[1, 0..<1])
        return encoder
    }

    /// An encoder whose body does nothing.
    static func encoder(seed: UInt64) -> FullCovarianceEncoder<Dense> {
        var generator = RandomGenerator(seed: seed)
        let body = Dense(weight: Tensor.identity(Self.size), bias: nil)
        return FullCovarianceEncoder(
            base: GaussianEncoder(
                body, features: Self.size, latentSize: Self.latentSize, using: &generator),
            features: Self.size, using: &generator
        ).cast(to: .float64)
    }

    /// The samples with numbers of their own type.
    var source: some DataSource { Source(samples: samples) }

    private struct Source: DataSource {
        let samples: Tensor
        var count: Int { samples.shape[0] }
        var sampleShape: [Int] { Array(samples.shape.dropFirst()) }
        func batch(at positions: [Int], as dataType: DataType) -> Batch {
            Batch(samples.gathered(at: Tensor(positions.map { Int32($0) })))
        }
    }
}
