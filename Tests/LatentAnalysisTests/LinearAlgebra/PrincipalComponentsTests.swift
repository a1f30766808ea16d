import Autograd
import Datasets
import Foundation
import ModelTestSupport
import Models
import TestSupport
import Testing

@testable import LatentAnalysis

@Suite struct PrincipalComponentsTests {
    /// Points with standard deviations 5, 2 and 1 along three orthogonal directions.
    @Test func directionsAndSharesAreThoseThePointsWereMadeWith() {
        let count = 3000
        var generator = RandomGenerator(seed: 3)
        let noise = generator.normal([count, 3], dataType: .float64)
        let third = 1.0 / 3
        let directions = Tensor(
            rows: [
                [2 * third, 2 * third, third], [-2 * third, third, 2 * third],
                [third, -2 * third, 2 * third],
            ] as [[Double]])
        let deviations = Tensor([5.0, 2, 1])
        let points = matmul(noise * deviations, directions) + Tensor([100.0, -7, 3])

        let components = PrincipalComponents(of: points, count: 2)
        let coordinates = components.encode(points)
        #expect(coordinates.shape == [count, 2])
        for (share, expected) in zip(components.shares, [0.8333, 0.1333]) {
            #expect(isClose(share, expected, 0.02))
        }
        // The coordinates are the noise that the points were made of, up to sign and chance.
        let known = noise * deviations
        for axis in 0..<2 {
            let found = coordinates.sliced(axis: 1, axis..<axis + 1)
            let made = known.sliced(axis: 1, axis..<axis + 1)
            let product = (found * made).mean().scalar
            let norms = (square(found).mean() * square(made).mean()).scalar.squareRoot()
            #expect(isClose(product.magnitude, norms, 0.01 * norms))
        }
        let mean = coordinates.mean(axes: [0]).elements(as: Double.self)
        #expect(mean.allSatisfy { $0.magnitude < 1e-10 })
    }

    /// The variances along the directions are the greatest eigenvalues, whose sum and product
    /// are the trace and the determinant in two dimensions.
    @Test func eigenvaluesOfAKnownMatrix() {
        // Covariance [[2, 1], [1, 2]]: eigenvalues 3 and 1.
        let far = 3.0.squareRoot()
        let points = Tensor(rows: [[far, far], [-far, -far], [1, -1], [-1, 1]] as [[Double]])
        let components = PrincipalComponents(of: points, count: 2)
        let coordinates = components.encode(points)
        #expect(isClose(components.shares[0], 0.75, 1e-12))
        #expect(isClose(components.shares[1], 0.25, 1e-12))
        let first = coordinates.sliced(axis: 1, 0..<1).elements(as: Double.self)
        let end = 6.0.squareRoot()
        for (value, expected) in zip(first, [end, -end, 0, 0]) {
            #expect(isClose(value, expected, 1e-12))
        }
    }

    private func isClose(_ value: Double, _ expected: Double, _ tolerance: Double) -> Bool {
        (value - expected).magnitude <= tolerance
    }

    @Test func equalPointsLieAtTheOrigin() {
        let points = Tensor(repeating: 4, shape: [5, 3])
        let components = PrincipalComponents(of: points, count: 2)
        #expect(components.encode(points).elements(as: Float.self).allSatisfy { $0 == 0 })
        #expect(components.shares == [0, 0])
    }

    @Test func pointsOnALineHaveOneDirection() {
        let rows: [[Double]] = (0..<10).map { [Double($0), Double(2 * $0), Double(-$0)] }
        let line = Tensor(rows: rows)
        let components = PrincipalComponents(of: line, count: 2)
        let coordinates = components.encode(line)
        #expect(isClose(components.shares[0], 1, 1e-12))
        #expect(components.shares[1] == 0)
        let second = coordinates.sliced(axis: 1, 1..<2).elements(as: Double.self)
        #expect(second.allSatisfy { $0 == 0 })
    }

    /// All directions at once, from the covariance matrix without iteration.
    @Test func directionsAreThoseOfAnExactSolver() {
        var generator = RandomGenerator(seed: 4)
        let mixing = generator.normal([12, 12], dataType: .float64)
        let samples = matmul(generator.normal([50, 12], dataType: .float64), mixing)
        let centered = samples - samples.mean(axes: [0])
        let eigen = symmetricEigen(of: matmul(centered, centered, transposingLeft: true) / 50)
        let values = Array(eigen.values.elements(as: Double.self).reversed())
        let vectors = eigen.vectors.reversed(axis: 1).transposed()

        let components = PrincipalComponents(of: samples.reshaped([50, 3, 4]), count: 5)
        for (variance, value) in zip(components.variances, values) {
            #expect(isClose(variance, value, 1e-9 * values[0]))
        }
        #expect(isClose(components.totalVariance, values.reduce(0, +), 1e-9 * values[0]))
        for count in 1...5 {
            let angle = largestPrincipalAngle(
                between: components.directions[0..<count], and: vectors[0..<count])
            #expect(angle < 1e-4, "the first \(count): \(angle)")
        }
        let error = meanSquaredError(components.reconstruct(samples), samples).scalar
        #expect(isClose(error, values.dropFirst(5).reduce(0, +), 1e-9 * values[0]))
    }

    /// Too many elements for the covariance matrix: a few directions in a large space.
    @Test func largeSamplesHaveTheirDirections() {
        var generator = RandomGenerator(seed: 10)
        let coordinates = generator.normal([40, 3], dataType: .float64) * Tensor([5.0, 3, 2])
        let directions = orthonormalRows(of: generator.normal([3, 2100], dataType: .float64))
        let samples = matmul(coordinates, directions) + 1
        let components = PrincipalComponents(of: samples, count: 3)
        #expect(
            largestPrincipalAngle(between: components.directions, and: directions) < 1e-6)
        #expect(isClose(components.shares.reduce(0, +), 1, 1e-9))
    }

    @Test func pixelsAreScaled() {
        var generator = RandomGenerator(seed: 5)
        let pixels = (generator.uniform([30, 4, 4]) * 255).cast(to: .uint8)
        let ofPixels = PrincipalComponents(of: pixels, count: 3)
        let ofNumbers = PrincipalComponents(of: pixels.cast(to: .float32) / 255, count: 3)
        #expect(ofPixels.directions.isIdentical(to: ofNumbers.directions))
        #expect(ofPixels.encode(pixels).shape == [30, 3])
        #expect(ofPixels.encode(pixels).dataType == .float32)
    }

    @Test func anglesBetweenPlanes() {
        let plane = Tensor(rows: [[1, 0, 0, 0], [0, 1, 0, 0]] as [[Double]])
        for angle in [0, 1e-9, 0.3, .pi / 2] {
            let turned = Tensor(
                rows: [[0, cos(angle), sin(angle), 0], [1, 0, 0, 0]] as [[Double]])
            #expect(isClose(largestPrincipalAngle(between: plane, and: turned), angle, 1e-12))
        }
    }

    /// Baldi and Hornik: gradient descent ends in the space of the principal components.
    @Test(arguments: ["linear", "linear-tied"]) func linearAutoencodersFindTheSameSpace(
        name: String
    ) throws {
        let recipe = try Recipes.named(name).choosing(["latent-size": "3"])
        var generator = RandomGenerator(seed: 7)
        let deviations = Tensor((0..<8).map { pow(0.6, Double($0)) })
        let basis = orthonormalRows(of: generator.normal([8, 8], dataType: .float64))
        let samples =
            matmul(generator.normal([60, 8], dataType: .float64) * deviations, basis) + 0.5
        let model = recipe.autoencoder([8], using: &generator)
        let components = PrincipalComponents(of: samples, count: 3)
        let least = meanSquaredError(components.reconstruct(samples), samples).scalar

        func train(_ model: some AutoencoderModel) throws -> [String: Tensor] {
            var model = model.cast(to: .float64)
            var optimizer = Adam(for: model, learningRate: 0.02)
            let schedule = Schedule.cosine(steps: 4000)
            for step in 0..<4000 {
                let gradients = gradient(at: model) {
                    var context = PassContext.training(generator)
                    return Objective(Reconstruction(.squaredError))($0.pass(samples, in: &context))
                        .total
                }
                optimizer.learningRate = 0.02 * schedule.factor(at: step)
                optimizer.update(&model, along: gradients)
            }
            let measured = recipe.diagnostics(
                of: model.cast(to: .float32), on: Examples(samples))
            #expect((measured["largestPrincipalAngle"] ?? 1) < 1e-3)
            let objective = model.objective(Reconstruction(.squaredError))
            let loss = try #require(
                try model.metrics(of: objective, on: Examples(samples))["loss"])
            #expect(isClose(loss, least, 1e-3 * least), "\(loss) for \(least)")
            return Dictionary(uniqueKeysWithValues: model.parameters.map { ($0.path, $0.tensor) })
        }
        let parameters = try train(model)
        let rows = try #require(
            parameters["weight"] ?? parameters["decoder.head.layers.0.weight"]?.transposed())
        let angle = largestPrincipalAngle(
            between: components.directions, and: orthonormalRows(of: rows))
        #expect(angle < 1e-3, "\(angle)")
    }

    /// Squared errors of reconstructed test digits, summed over the pixels, as an exact solver
    /// gives them.
    @Test(.enabled(if: testData != nil, "TAPESTRY_DATA is not set"))
    func errorsOnMNIST() throws {
        let digits = try Dataset.named("mnist", directory: testData?.path)
        let components = PrincipalComponents(of: digits.training.inputs, count: 64)
        let test = digits.test.scaled().flattened()
        let codes = components.encode(test)
        let errors = [
            2: 43.645, 10: 26.714, 16: 21.058, 20: 18.454, 30: 13.866, 32: 13.193, 64: 7.093,
        ]
        for (count, expected) in errors {
            let isKept = Tensor((0..<64).map { Float($0 < count ? 1 : 0) })
            let error = meanSquaredError(components.decode(codes * isKept), test).scalar
            #expect(isClose(error, expected, 2e-3), "\(count) codes: \(error)")
        }
    }

    /// Whole numbers are numbers.
    @Test func componentsOfIntegers() {
        let points = Tensor([Int32(-2), 0, 0, 0, 2, 0], shape: [3, 2])
        let components = PrincipalComponents(of: points, count: 2)
        #expect(components.directions[0].elements(as: Double.self) == [1, 0])
        #expect(abs(components.variances[0] - 8.0 / 3) < 1e-12 && components.variances[1] == 0)
        #expect(components.encode(points).elements(as: Float.self)[4] == 2)
    }

    @Test(arguments: [
        (Double.nan, "sample 1 has an element"), (.infinity, "sample 1 has an element"),
        (1e200, "have no finite variance"),
    ])
    func whatHasNoVarianceTraps(_ value: Double, _ expected: String) async {
        let result = await #expect(
            processExitsWith: .failure, observing: [\.standardErrorContent]
        ) { [bits = value.bitPattern as UInt64] in
            let value = Double(bitPattern: bits)
            _ = PrincipalComponents(of: Tensor(rows: [[1, 2], [3, value], [-3, 0]]), count: 1)
        }
        #expect(message(of: result).contains(expected))
    }
}
