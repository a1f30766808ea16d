import Autograd
import Distributions
import Foundation
import Testing

/// A distribution, ready to be tried in every way that holds for all of them.
struct DistributionCase: Sendable, CustomTestStringConvertible {
    let name: String
    /// The parameters, in double precision.
    let parameters: [Tensor]
    /// Other parameters, to compare with.
    let others: [Tensor]
    /// Where to sum a density over all values of one event, if the distribution is one of vectors.
    var nodes: Nodes?
    /// Whether angles are wrapped, so that mean and variance are not those of numbers.
    var isCircular = false
    /// Whether mean and variance have closed forms.
    var hasMoments = true
    let make: @Sendable ([Tensor]) -> any Distribution

    var testDescription: String { name }

    var distribution: any Distribution { make(parameters) }
    var other: any Distribution { make(others) }
}

private func vector(_ values: Double...) -> Tensor { Tensor(values) }

extension DistributionCase {
    /// Distributions of numbers: batches of two.
    private static let numbers = [
        DistributionCase(
            name: "normal by scale", parameters: [vector(0.3, -2), vector(1.7, 0.2)],
            others: [vector(0.1, -2.5), vector(1, 0.3)]
        ) { Normal(mean: $0[0], scale: $0[1]) },
        DistributionCase(
            name: "normal by log-scale", parameters: [vector(0.3, -2), vector(0.5, -1)],
            others: [vector(0.1, -2.5), vector(0, -0.5)]
        ) { Normal(mean: $0[0], logScale: $0[1]) },
        DistributionCase(
            name: "normal by log-variance", parameters: [vector(0.3, -2), vector(0.5, -1)],
            others: [vector(0.1, -2.5), vector(0, -0.5)]
        ) { Normal(mean: $0[0], logVariance: $0[1]) },
        DistributionCase(
            name: "normal of any kind", parameters: [vector(0.3, -2), vector(1.7, 0.2)],
            others: [vector(0.1, -2.5), vector(1, 0.3)]
        ) { AnyDistribution(Normal(mean: $0[0], scale: $0[1])) },
        DistributionCase(
            name: "Laplace", parameters: [vector(0.3, -2), vector(1.7, 0.2)],
            others: [vector(0.1, -2.5), vector(1, 0.3)]
        ) { Laplace(location: $0[0], scale: $0[1]) },
        DistributionCase(
            name: "Student t",
            parameters: [vector(9.5, 30), vector(0.3, -2), vector(1.7, 0.2)],
            others: [vector(6, 12), vector(0.1, -2.5), vector(1, 0.3)]
        ) { StudentT(degreesOfFreedom: $0[0], location: $0[1], scale: $0[2]) },
        DistributionCase(
            name: "logistic", parameters: [vector(0.3, -2), vector(1.7, 0.2)],
            others: [vector(0.1, -2.5), vector(1, 0.3)]
        ) { Logistic(location: $0[0], scale: $0[1]) },
        DistributionCase(
            name: "uniform", parameters: [vector(-1, 0), vector(2, 0.5)],
            others: [vector(-2, -0.1), vector(2, 1)]
        ) { Uniform(from: $0[0], to: $0[1]) },
        DistributionCase(
            name: "gamma", parameters: [vector(0.8, 5), vector(2.5, 0.3)],
            others: [vector(1.5, 4), vector(2, 0.4)]
        ) { Gamma(concentration: $0[0], rate: $0[1]) },
        DistributionCase(
            name: "beta", parameters: [vector(0.9, 4), vector(3.2, 2)],
            others: [vector(1.2, 3), vector(2, 2)]
        ) { Beta($0[0], $0[1]) },
        DistributionCase(
            name: "continuous Bernoulli", parameters: [vector(0.3, -4)],
            others: [vector(-1, -0.01)]
        ) { ContinuousBernoulli(logits: $0[0]) },
        DistributionCase(
            name: "von Mises", parameters: [vector(0, 0), vector(3.2, 0.7)],
            others: [vector(0.4, -1), vector(2, 1)], isCircular: true
        ) { VonMises(location: $0[0], concentration: $0[1]) },
        DistributionCase(
            name: "Bernoulli", parameters: [vector(0.3, -1.5)], others: [vector(1, -1)]
        ) { Bernoulli(logits: $0[0]) },
        DistributionCase(
            name: "Bernoulli by probability", parameters: [vector(0.3, 0.9)],
            others: [vector(0.5, 0.7)]
        ) { Bernoulli(probabilities: $0[0]) },
        DistributionCase(
            name: "discretised logistic",
            parameters: [vector(0.4, 0.95), vector(-2, -3)],
            others: [vector(0.5, 0.8), vector(-2, -2)]
        ) { DiscretizedLogistic(location: $0[0], logScale: $0[1], levels: 9) },
        DistributionCase(
            name: "log-normal", parameters: [vector(0.3, -1), vector(0.5, 0.2)],
            others: [vector(0.1, -1.2), vector(0.6, 0.3)], hasMoments: false
        ) { Transformed(Normal(mean: $0[0], scale: $0[1]), by: Exponential()) },
        DistributionCase(
            name: "normal through tanh", parameters: [vector(0.3, -1), vector(0.5, 0.8)],
            others: [vector(0.1, -1.2), vector(0.6, 0.9)], hasMoments: false
        ) { Transformed(Normal(mean: $0[0], scale: $0[1]), by: HyperbolicTangent()) },
        DistributionCase(
            name: "mirrored gamma", parameters: [vector(2, 5), vector(2.5, 0.3)],
            others: [vector(2.5, 4), vector(2, 0.4)]
        ) {
            Transformed(
                Gamma(concentration: $0[0], rate: $0[1]),
                by: Affine(shift: vector(1, 0), scale: vector(-2, 0.5)))
        },
        DistributionCase(
            name: "mixture of normals",
            parameters: [
                Tensor(rows: [[0.2, 1], [-1, 0]]), Tensor(rows: [[0, 2], [-1, 1]]),
                Tensor(rows: [[1, 0.5], [0.3, 2]]),
            ],
            others: [
                Tensor(rows: [[0.2, 0], [0, 0]]), Tensor(rows: [[0, 1], [-1, 2]]),
                Tensor(rows: [[1, 0.7], [0.5, 2]]),
            ]
        ) { Mixture(logits: $0[0], components: Normal(mean: $0[1], scale: $0[2])) },
    ]

    /// Distributions of vectors: batches of one.
    private static let vectors = [
        DistributionCase(
            name: "independent normals",
            parameters: [Tensor(rows: [[0.3, -0.5]]), Tensor(rows: [[1.2, 0.8]])],
            others: [Tensor(rows: [[0, -0.2]]), Tensor(rows: [[1, 1]])],
            nodes: .plane(8)
        ) { Independent(Normal(mean: $0[0], scale: $0[1])) },
        DistributionCase(
            name: "two distributions joined",
            parameters: [
                Tensor(rows: [[0.3]]), Tensor(rows: [[-0.5]]), Tensor(rows: [[0.5]]),
            ],
            others: [Tensor(rows: [[0]]), Tensor(rows: [[-0.2]]), Tensor(rows: [[0.4]])],
            nodes: .plane(12)
        ) {
            Joined(
                Independent(Normal(mean: $0[0], scale: 1.2), axes: 1),
                Independent(Logistic(location: $0[1], scale: $0[2]), axes: 1))
        },
        DistributionCase(
            name: "multivariate normal",
            parameters: [
                Tensor(rows: [[0.2, -1]]), Tensor([1.4, 0, 0.4, 0.6], shape: [1, 2, 2]),
            ],
            others: [Tensor(rows: [[0, -0.5]]), Tensor([1, 0, -0.2, 0.9], shape: [1, 2, 2])],
            nodes: .plane(12)
        ) { MultivariateNormal(mean: $0[0], choleskyFactor: $0[1].lowerTriangle()) },
        DistributionCase(
            name: "Dirichlet", parameters: [Tensor(rows: [[2.7, 3.1, 4]])],
            others: [Tensor(rows: [[2, 2, 5]])], nodes: .simplex
        ) { Dirichlet(concentration: $0[0]) },
        DistributionCase(
            name: "relaxed categorical", parameters: [Tensor(rows: [[0.3, -0.5, 0.1]])],
            others: [Tensor(rows: [[0, 0.2, -0.3]])], nodes: .simplex, hasMoments: false
        ) { RelaxedCategorical(logits: $0[0], temperature: 1.5) },
        DistributionCase(
            name: "one-hot", parameters: [Tensor(rows: [[0.3, -0.5, 1]])],
            others: [Tensor(rows: [[0, 0.2, 0.5]])],
            nodes: .classes
        ) { GumbelSoftmax(logits: $0[0], temperature: 1, draw: .oneHot) },
        DistributionCase(
            name: "categorical", parameters: [Tensor(rows: [[0.3, -0.5, 1]])],
            others: [Tensor(rows: [[0, 0.2, 0.5]])],
            nodes: .classes
        ) { Categorical(logits: $0[0]) },
        DistributionCase(
            name: "von Mises-Fisher",
            parameters: [Tensor(rows: [[0.1, 0.6, -0.8]]), vector(3)],
            others: [Tensor(rows: [[0.5, 0.6, -0.3]]), vector(1.5)], nodes: .sphere
        ) { VonMisesFisher(meanDirection: $0[0], concentration: $0[1]) },
        DistributionCase(
            name: "uniform direction", parameters: [], others: [], nodes: .sphere
        ) { _ in UniformDirection([1, 3], dataType: .float64) },
        DistributionCase(
            name: "coupling flow",
            parameters: [Tensor(rows: [[0.3, -0.5]]), Tensor(rows: [[0.9, 0.8]])],
            others: [Tensor(rows: [[0, -0.2]]), Tensor(rows: [[1, 0.9]])],
            nodes: .plane(14), hasMoments: false
        ) {
            let base = Independent(Normal(mean: $0[0], scale: $0[1]))
            let first = AffineCoupling(mask: vector(1, 0)) { (sin($0), 0.5 * tanh($0)) }
            let swapped = AffineCoupling(mask: vector(0, 1)) { kept in
                let other = kept.reversed(axis: -1)
                return (0.5 * other, 0.3 * cos(other))
            }
            return Transformed(base, by: Chain([first, swapped]))
        },
        DistributionCase(
            name: "planar flow",
            parameters: [
                Tensor(rows: [[0.3, -0.5]]), Tensor(rows: [[0.9, 0.8]]),
                Tensor(rows: [[1.2, -2.5]]),
                Tensor(rows: [[0.7, 1.1]]), vector(0.4),
            ],
            others: [
                Tensor(rows: [[0, -0.2]]), Tensor(rows: [[1, 0.9]]), Tensor(rows: [[1, -2]]),
                Tensor(rows: [[0.6, 1]]), vector(0.1),
            ],
            nodes: .plane(14), hasMoments: false
        ) {
            Transformed(
                Independent(Normal(mean: $0[0], scale: $0[1])),
                by: PlanarFlow(direction: $0[2], weight: $0[3], bias: $0[4]))
        },
        DistributionCase(
            name: "radial flow",
            parameters: [
                Tensor(rows: [[0.3, -0.5]]), Tensor(rows: [[0.9, 0.8]]),
                Tensor(rows: [[0.5, 0.1]]),
                vector(0.3), vector(2),
            ],
            others: [
                Tensor(rows: [[0, -0.2]]), Tensor(rows: [[1, 0.9]]), Tensor(rows: [[0.4, 0.2]]),
                vector(0.1), vector(1),
            ],
            nodes: .plane(14), hasMoments: false
        ) {
            Transformed(
                Independent(Normal(mean: $0[0], scale: $0[1])),
                by: RadialFlow(centre: $0[2], logRadius: $0[3], strength: $0[4]))
        },
        DistributionCase(
            name: "autoregressive flow",
            parameters: [
                Tensor(rows: [[0.3, -0.5]]), Tensor(rows: [[0.9, 0.8]]), vector(0.7, 1.1),
            ],
            others: [Tensor(rows: [[0, -0.2]]), Tensor(rows: [[1, 0.9]]), vector(0.5, 1)],
            nodes: .plane(14), hasMoments: false
        ) { parameters in
            let first = AutoregressiveFunction { x in
                // The second component depends on the first.
                let before = concatenated(
                    [Tensor.zeros(like: x[.ellipsis, 0..<1]), x[.ellipsis, 0..<1]], axis: -1)
                return (sin(before) * parameters[2], 0.5 * parameters[2] * tanh(before))
            }
            return Transformed(
                Independent(Normal(mean: parameters[0], scale: parameters[1])),
                by: Chain([first, Inverted(Inverted(first))]))
        },
        DistributionCase(
            name: "mixture of vectors",
            parameters: [
                vector(0.4, -0.2).reshaped([1, 2]),
                Tensor([0.3, -0.5, 2, 1], shape: [1, 2, 2]),
                Tensor([1.2, 0.8, 0.5, 0.6], shape: [1, 2, 2]),
            ],
            others: [
                vector(0, 0).reshaped([1, 2]), Tensor([0, -0.5, 2, 0], shape: [1, 2, 2]),
                Tensor([1, 1, 0.7, 0.9], shape: [1, 2, 2]),
            ],
            nodes: .plane(8)
        ) {
            Mixture(
                logits: $0[0],
                components: Independent(Normal(mean: $0[1], scale: $0[2]), axes: 1))
        },
    ]

    static let all = numbers + vectors
}

/// Nodes of integrals over vectors: of events of batches of one.
enum Nodes: Sendable {
    /// A square around 0.
    case plane(Double)
    /// Three positive numbers that add up to 1, with respect to the first two.
    case simplex
    /// Directions in three dimensions.
    case sphere
    /// Three one-hot vectors.
    case classes

    func callAsFunction() -> (x: Tensor, weights: Tensor) {
        switch self {
        case .plane(let size): square(from: -size, through: size)
        case .simplex: triangles()
        case .sphere: directions()
        case .classes:
            (
                Tensor.identity(3, dataType: .float64).reshaped([3, 1, 3]),
                Tensor.ones([3, 1], dataType: .float64)
            )
        }
    }
}

/// The trapezoidal rule on a square.
private func square(from lower: Double, through upper: Double) -> (x: Tensor, weights: Tensor) {
    let side = Tensor.linearSpace(from: lower, through: upper, count: 201, dataType: .float64)
    let rows = side.expandingAxis(1).broadcast(to: [201, 201])
    let columns = side.expandingAxis(0).broadcast(to: [201, 201])
    let step = (upper - lower) / 200
    return (
        stacked([rows, columns], axis: -1).reshaped([201 * 201, 1, 2]),
        Tensor(repeating: step * step, shape: [201 * 201, 1], dataType: .float64)
    )
}

/// The middles of equal triangles.
private func triangles() -> (x: Tensor, weights: Tensor) {
    let parts = 300
    var points: [[Double]] = []
    for first in 0..<parts {
        for second in 0..<parts - first {
            for third in [1 / 3.0, 2 / 3.0] where first + second < parts - (third > 0.5 ? 1 : 0) {
                let (a, b) = (
                    (Double(first) + third) / Double(parts),
                    (Double(second) + third) / Double(parts)
                )
                points.append([a, b, 1 - a - b])
            }
        }
    }
    let weight = 0.5 / Double(parts * parts)
    return (
        Tensor(rows: points).reshaped([points.count, 1, 3]),
        Tensor(repeating: weight, shape: [points.count, 1], dataType: .float64)
    )
}

/// Equal steps in height and longitude.
private func directions() -> (x: Tensor, weights: Tensor) {
    var points: [[Double]] = []
    for height in 0..<400 {
        let z = (Double(height) + 0.5) / 200 - 1
        let radius = (1 - z * z).squareRoot()
        for turn in 0..<40 {
            let angle = 2 * Double.pi * Double(turn) / 40
            points.append([radius * cos(angle), radius * sin(angle), z])
        }
    }
    return (
        Tensor(rows: points).reshaped([points.count, 1, 3]),
        Tensor(
            repeating: 4 * Double.pi / Double(points.count), shape: [points.count, 1],
            dataType: .float64)
    )
}
