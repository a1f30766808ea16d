import Autograd
import Distributions
import Foundation
import TestSupport
import Testing

/// Log-densities, entropies and quantiles computed by SciPy 1.17.1 (`scipy.stats`).
@Suite struct ReferenceTests {
    private func constant(_ value: Double) -> Tensor { Tensor(value, dataType: .float64) }

    private func expect(
        _ found: Tensor?, _ expected: [Double], _ what: String, tolerance: Double = 1e-12
    ) {
        let found = found.map { $0.reshaped([-1]).elements(as: Double.self) } ?? []
        #expect(found.count == expected.count)
        for (found, expected) in zip(found, expected) {
            #expect(abs(found - expected) < tolerance * (1 + abs(expected)), "\(what)")
        }
    }

    @Test func densitiesOfNumbers() {
        let (location, scale) = (constant(0.3), constant(1.7))
        let cases: [(any Distribution, at: [Double], density: [Double], entropy: Double)] = [
            (
                Normal(mean: location, scale: scale), [-2, 0.1, 4],
                [-2.3647916977616523, -1.4564871994917565, -3.818078894993487], 1.949566784266843
            ),
            (
                Laplace(location: location, scale: scale), [-2, 0.1, 4],
                [-2.576716608092704, -1.341422490445645, -3.40024601985741], 2.2237754316221157
            ),
            (
                StudentT(degreesOfFreedom: constant(3.5), location: location, scale: scale),
                [-2, 0.1, 40],
                [-2.4666153305367478, -1.5289819722501106, -12.894032245549035], 2.251518371744637
            ),
            (
                Logistic(location: location, scale: scale), [-2, 0.1, 40],
                [-2.3433769815118244, -1.9203808261277628, -23.883569427676967],
                2.5306282510621703
            ),
            (
                Uniform(from: constant(-1), to: constant(2)), [-0.5, 0.1, 1.9],
                [-1.0986122886681098, -1.0986122886681098, -1.0986122886681098],
                1.0986122886681098
            ),
            (
                Beta(constant(0.7), constant(3.2)), [0.01, 0.3, 0.95],
                [1.8807485904738885, 0.09781523818773358, -6.0539147399473485],
                -0.7528385804902467
            ),
            (
                Gamma(concentration: constant(0.4), rate: constant(2.5)), [0.001, 0.3, 4],
                [3.71199164243716, -0.45777784235656005, -11.261938141624057], -1.256443640923441
            ),
            (
                VonMises(location: constant(0.4), concentration: constant(3.2)), [-3, 0.4, 2],
                [-6.680345312901936, -0.38659109664766067, -3.6800295680117854],
                0.9505955653115361
            ),
        ]
        for test in cases {
            expect(test.0.logProbability(of: Tensor(test.at)), test.density, "\(test.0)")
            expect(test.0.entropy, [test.entropy], "\(test.0)")
        }
    }

    @Test func densitiesOfVectors() {
        let covariance = Tensor(rows: [[2, 0.6], [0.6, 0.5]])
        let normal = MultivariateNormal(
            mean: Tensor([0.2, -1]), choleskyFactor: choleskyFactor(of: covariance))
        expect(
            normal.logProbability(of: Tensor(rows: [[0, 0], [1, -2], [0.2, -1]])),
            [-3.3803585150951365, -4.177233515095137, -1.6147335150951356], "normal")
        expect(normal.entropy, [2.6147335150951356], "normal")
        let dirichlet = Dirichlet(concentration: Tensor([0.7, 2.1, 4]))
        expect(
            dirichlet.logProbability(of: Tensor(rows: [[0.1, 0.3, 0.6], [0.5, 0.25, 0.25]])),
            [1.9436612289049693, -1.3661300693603105], "Dirichlet")
        expect(dirichlet.entropy, [-1.779901798785442], "Dirichlet")
        let directions = VonMisesFisher(
            meanDirection: Tensor([0, 0.6, 0.8]), concentration: constant(5))
        expect(
            directions.logProbability(of: Tensor(rows: [[0, 0, 1], [0.6, 0.8, 0]])),
            [-1.228393753014882, -2.828393753014882], "directions")
        expect(directions.entropy, [1.2279397331047859], "directions")
    }

    @Test func quantiles() {
        let student = StudentT(
            degreesOfFreedom: constant(3.5), location: constant(0.3), scale: constant(1.7))
        expect(
            student.quantile(Tensor([1e-6, 0.2, 0.5, 0.9])),
            [-103.47670605312506, -1.3264900176849272, 0.3, 2.9801802287318884], "Student",
            tolerance: 1e-10)
        expect(
            Beta(constant(0.7), constant(3.2)).quantile(Tensor([1e-4, 0.5, 0.99])),
            [5.508021705939621e-07, 0.12471820610075755, 0.7167974637680379], "beta")
        expect(
            Gamma(concentration: constant(0.4), rate: constant(2.5))
                .quantile(Tensor([1e-4, 0.5, 0.99])),
            [2.966141873182698e-11, 0.05803125665737418, 1.2000386978635886], "gamma")
        expect(
            VonMises(location: constant(0), concentration: constant(3.2))
                .quantile(Tensor([0.01, 0.5, 0.8])),
            [-1.5512123866864864, 0, 0.5004929146944763], "von Mises")
    }

    /// The derivative of the mean log-scale etc. is tested for all; here what is far out.
    @Test func extremes() {
        // A continuous Bernoulli distribution at logits of any size.
        let logits = Tensor([-1e4, -1e-3, 0, 1e-9, 1, 1e4])
        let grey = ContinuousBernoulli(logits: logits)
        let zero = Tensor.zeros(like: logits)
        // Its density at 0 is l / (e^l − 1): 10⁴ at −10⁴, near e^−10⁴ 10⁴ at 10⁴.
        expect(
            grey.logProbability(of: zero),
            [
                log(1e4), log(1e-3 / -expm1(-1e-3)), 0, -0.5e-9, -log(expm1(1)),
                log(1e4) - 1e4,
            ], "continuous Bernoulli")
        #expect(
            abs(grey.mean - Tensor([1e-4, 0.5 - 1e-3 / 12, 0.5, 0.5, 0, 0.9999]))
                .elements(as: Double.self).enumerated().allSatisfy { $0 == 4 || $1 < 1e-9 })
        #expect(grey.variance.min().scalar > 0 && grey.quantile(0.5).allFinite)
        // Discretised: far from the mean the exact logarithm, where the difference is 0.
        let pixels = DiscretizedLogistic(location: constant(0), logScale: constant(-6))
        let far = pixels.logProbability(of: Tensor([1.0, 0.8])).elements(as: Double.self)
        let steepness = exp(6.0)
        #expect(abs(far[0] + steepness * (1 - 0.5 / 255)) < 1e-9)
        #expect(
            abs(far[1] - (log(expm1(steepness / 255)) - steepness * (0.8 + 0.5 / 255))) < 1e-9)
        // Directions that hardly vary.
        var generator = RandomGenerator(seed: 1)
        let narrow = VonMisesFisher(
            meanDirection: Tensor(rows: [[1, 0, 0]]).broadcast(to: [2000, 3]),
            concentration: Tensor(repeating: 1e6, shape: [2000], dataType: .float64))
        let draws = narrow.sample(using: &generator)
        let across = square(draws[.all, 1...]).mean().scalar
        #expect(abs(across * 1e6 - 1) < 0.1)
        #expect(abs(narrow.mean[0, 0].scalar - (1 - 1e-6)) < 1e-10)
    }

    /// In single precision as in double, at any concentration; draws end.
    @Test func narrowDirectionsInSinglePrecision() {
        var generator = RandomGenerator(seed: 2)
        for (dimensions, concentration, entropy) in [
            (3, 1e3, -4.069878212572792), (3, 1e4, -6.372463305566837),
            (10, 1e4, -28.677659993150161),
        ] {
            let axis = Tensor([1] + [Float](repeating: 0, count: dimensions - 1))
            let single = VonMisesFisher(meanDirection: axis, concentration: Tensor(concentration))
            let double = VonMisesFisher(
                meanDirection: axis.cast(to: .float64), concentration: constant(concentration))
            let found = [single.entropy, double.entropy].compactMap { $0?.scalar }
            #expect(abs(found[0] - found[1]) < 1e-5 * abs(found[1]))
            #expect(abs(found[1] - entropy) < 1e-4, "\(found)")
            let variances = [single.variance, double.variance].map { $0.cast(to: .float64) }
            #expect((abs(variances[0] / variances[1] - 1)).max().scalar < 1e-3)
            #expect(variances[1].min().scalar > 0)
        }
        let extreme = VonMisesFisher(
            meanDirection: Tensor([0.6, 0.8, 0] as [Float]), concentration: Tensor(1e30))
        let draw = extreme.sample(using: &generator)
        #expect(abs(draw - Tensor([0.6, 0.8, 0] as [Float])).max().scalar < 1e-6)
    }

    /// Draws turn with the mean direction, also where it is the first axis: for small turns a draw
    /// moves along with it.
    @Test func drawsTurnWithTheMeanDirection() {
        for direction in [[1.0, 0, 0], [-1, 0, 0], [0, 1, 0], [0.6, 0, 0.8]] {
            let result = gradientCheck(at: Tensor(direction)) { direction in
                var generator = RandomGenerator(seed: 3)
                let distribution = VonMisesFisher(
                    meanDirection: direction,
                    concentration: Tensor(repeating: 50, shape: [], dataType: .float64))
                return (distribution.sample([5], using: &generator) * Tensor([1.0, 2, 3])).sum()
            }
            #expect(result.passes, "\(result)")
        }
    }

    /// Quantiles have the slope 1 / density, in the middle too.
    @Test func slopesOfQuantiles() {
        let distributions: [any UnivariateDistribution] = [
            Laplace(location: constant(0.3), scale: constant(1.7)),
            StudentT(
                degreesOfFreedom: constant(3.5), location: constant(0.3), scale: constant(1.7)),
            Normal(mean: constant(0.3), scale: constant(1.7)),
            Logistic(location: constant(0.3), scale: constant(1.7)),
            ContinuousBernoulli(logits: constant(0.01)),
        ]
        for distribution in distributions {
            for probability in [0.1, 0.5, 0.9] {
                let p = constant(probability)
                let slope = gradient(at: p) { distribution.quantile($0) }
                let density = exp(distribution.logProbability(of: distribution.quantile(p)))
                #expect(abs((slope * density).scalar - 1) < 1e-8, "\(distribution)")
            }
        }
    }

    @Test func whatCannotBeHasNoProbability() {
        let logNormal = Transformed(Normal.standard([3], dataType: .float64), by: Exponential())
        let x = Tensor([0.0, -1, 1])
        let (value, slope) = valueWithGradient(at: x) {
            logNormal.logProbability(of: $0)[2]
        }
        #expect(slope.allFinite && value.scalar.isFinite)
        let values = logNormal.logProbability(of: x).elements(as: Double.self)
        #expect(values[0] == -.infinity && values[1] == -.infinity)
        let gamma = Gamma(concentration: constant(2), rate: constant(1))
        #expect(gamma.logProbability(of: constant(-1)).scalar == -.infinity)
        let beta = Beta(constant(2), constant(2))
        #expect(beta.logProbability(of: constant(1.5)).scalar == -.infinity)
    }

    @Test func whatLiesInfinitelyFarHasNoProbability() {
        for distribution: any Distribution in [
            Logistic(location: constant(1), scale: constant(2)),
            Laplace(location: constant(1), scale: constant(2)),
            Normal(mean: constant(1), scale: constant(2)),
        ] {
            for x in [-Double.infinity, .infinity] {
                #expect(distribution.logProbability(of: constant(x)).scalar == -.infinity)
            }
        }
    }

    @Test func notANumberStaysOne() {
        let nan = constant(.nan)
        #expect(PointMass(constant(1)).logProbability(of: nan).scalar.isNaN)
        #expect(PointMass(nan).logProbability(of: constant(1)).scalar.isNaN)
        let coin = Bernoulli(probabilities: constant(0.5))
        for p in [nan, constant(-0.1), constant(1.1)] { #expect(coin.quantile(p).scalar.isNaN) }
        #expect(Bernoulli(logits: nan).quantile(constant(0.5)).scalar.isNaN)
        #expect(coin.quantile(constant(0.6)).scalar == 1)
    }

    /// There the divergence (u + b e^(−u / b)) / c of |μ − ν| = u is 1 / bc times a parabola.
    @Test func curvatureOfADivergenceAtEqualLocations() throws {
        let prior = Laplace(location: constant(1), scale: constant(5))
        let curvature = gradient(at: constant(1)) { location in
            gradient(at: location) { location in
                let posterior = Laplace(location: location, scale: constant(2))
                return posterior.divergence(from: prior) ?? constant(.nan)
            }
        }
        #expect(abs(curvature.scalar - 0.1) < 1e-12)
    }

    @Test func aDistributionOfUnknownKindComparesAsItself() throws {
        let normal = Normal(mean: Tensor([1.0]), scale: 2)
        let other = Normal(mean: Tensor([0.5]), scale: 1)
        let expected = try #require(normal.divergence(from: other))
        for divergence in [
            normal.divergence(from: AnyDistribution(other)),
            AnyDistribution(normal).divergence(from: other),
            AnyDistribution(AnyDistribution(normal)).divergence(from: AnyDistribution(other)),
        ] {
            #expect(divergence?.isIdentical(to: expected) == true)
        }
    }
}
