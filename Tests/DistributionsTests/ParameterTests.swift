import Autograd
import Distributions
import Foundation
import TestSupport
import Testing

/// Parameters out of range, values that do not fit: one line that says what was found and where.
@Suite struct ParameterTests {
    private static let one = Tensor([1.0])
    private static let zeros = Tensor.zeros([2, 3])

    private static let traps: [(name: String, message: String, body: @Sendable () -> Void)] = [
        (
            "normal", "Normal: the scale -0.5 at [1, 0] is not positive and finite",
            { _ = Normal(mean: zeros, scale: Tensor(rows: [[1.0], [-0.5]]).cast(to: .float32)) }
        ),
        ("Laplace", "Laplace: the scale 0.0", { _ = Laplace(location: one, scale: one * 0) }),
        (
            "Student", "StudentT: the number of degrees of freedom inf at [0]",
            { _ = StudentT(degreesOfFreedom: one / 0, location: one, scale: one) }
        ),
        ("logistic", "Logistic: the scale", { _ = Logistic(location: one, scale: -one) }),
        ("uniform", "Uniform: the width 0.0", { _ = Uniform(from: one, to: one) }),
        ("gamma", "Gamma: the rate -1.0", { _ = Gamma(concentration: one, rate: -one) }),
        ("beta", "Beta: the second parameter 0.0", { _ = Beta(one, 0 * one) }),
        (
            "Bernoulli", "Bernoulli: the probability 1.5 at [0] is not a probability",
            { _ = Bernoulli(probabilities: 1.5 * one) }
        ),
        (
            "Dirichlet", "Dirichlet: the concentration 0.0 at [0, 1]",
            { _ = Dirichlet(concentration: Tensor(rows: [[1, 0.0]])) }
        ),
        (
            "covariance", "the diagonal of the Cholesky factor -1.0 at [1]",
            {
                _ = MultivariateNormal(
                    mean: Tensor([0.0, 0]), choleskyFactor: Tensor(rows: [[1, 0], [0, -1.0]]))
            }
        ),
        (
            "covariance's shape", "Cholesky factor of shape [3, 3]",
            { _ = MultivariateNormal(mean: Tensor([0.0, 0]), choleskyFactor: .identity(3)) }
        ),
        (
            "von Mises", "VonMises: the concentration 0.0",
            { _ = VonMises(location: one, concentration: 0 * one) }
        ),
        (
            "direction", "the length of a mean direction 0.0",
            { _ = VonMisesFisher(meanDirection: Tensor(rows: [[0.0, 0]]), concentration: one) }
        ),
        (
            "temperature", "RelaxedCategorical: the temperature 0.0",
            { _ = RelaxedCategorical(logits: one, temperature: 0) }
        ),
        ("no classes", "are of no classes", { _ = Categorical(logits: .zeros([2, 0])) }),
        (
            "levels", "DiscretizedLogistic: 1 levels",
            { _ = DiscretizedLogistic(location: one, logScale: one, levels: 1) }
        ),
        (
            "mixture", "logits of shape [2] for components with batches [1]",
            { _ = Mixture(logits: Tensor([0.0, 0]), components: Normal(mean: one, scale: 1)) }
        ),
        (
            "independent", "3 axes of a distribution with batches [2, 3]",
            { _ = Independent(Normal(mean: zeros, scale: 1), axes: 3) }
        ),
        (
            "transformed", "acts on 1 axes, events of the base have 0",
            {
                let coupling = AffineCoupling(mask: one) { ($0, $0) }
                _ = Transformed(Normal(mean: one, scale: 1), by: coupling)
            }
        ),
        ("affine", "Affine: the size of the scale 0.0", { _ = Affine(shift: one, scale: 0 * one) }),
        (
            "no closed form", "no closed form of its mean is known",
            { _ = RelaxedCategorical(logits: one, temperature: 1).mean }
        ),
        (
            "value", "a value of shape [3] for a distribution whose draws have shape [2, 3]",
            { _ = Normal(mean: zeros, scale: 1).logProbability(of: .zeros([3])) }
        ),
        (
            "other shape", "those of the other distribution [1] with 0",
            { _ = Normal(mean: zeros, scale: 1).divergence(from: Normal(mean: one, scale: 1)) }
        ),
        (
            "no draws", "0 draws for entropy",
            {
                var generator = RandomGenerator(seed: 1)
                let mixture = Mixture(
                    logits: Tensor([0.0]), components: Normal(mean: one, scale: 1))
                _ = mixture.entropy(draws: 0, using: &generator)
            }
        ),
    ]

    @Test(arguments: traps.map(\.name))
    func trapsSayWhatIsWrong(_ name: String) async {
        let result = await #expect(
            processExitsWith: .failure, observing: [\.standardErrorContent]
        ) { [name = name as String] in
            Self.traps.first { $0.name == name }?.body()
        }
        let expected = Self.traps.first { $0.name == name }?.message ?? ""
        #expect(message(of: result).contains(expected), "\(name)")
    }
}
