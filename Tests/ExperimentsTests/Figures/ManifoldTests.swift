import Autograd
import Datasets
import Foundation
import Models
import Testing

@testable import Experiments

/// Which codes a manifold is drawn of.
@Suite struct ManifoldTests {
    private func pictures(_ recipe: String) throws -> (Pictures, any Encodes) {
        var generator = RandomGenerator(seed: 4)
        let model = try Recipes.named(recipe).choosing(["latent-size": "2"]).program(
            for: DataDescription(sampleShape: [8, 8]), using: &generator
        ).model
        return (
            Pictures(of: model, on: try Dataset.named("digits8x8")),
            try #require(model as? any Encodes)
        )
    }

    /// Each component of the codes, column by column and row by row of the picture.
    private func grid(_ codes: Tensor) -> (x: [Double], y: [Double]) {
        let numbers = codes.cast(to: .float64)
        let columns = (0..<2).map { numbers.sliced(axis: 1, $0..<$0 + 1).elements(as: Double.self) }
        return (columns[0], columns[1])
    }

    @Test func aNormalPriorGivesItsQuantiles() throws {
        let (pictures, model) = try pictures("vae")
        let (x, y) = grid(pictures.manifoldCodes(by: model, side: 4))
        let quantiles = [0.125, 0.375, 0.625, 0.875].map { Double(Float(normalQuantile($0))) }
        #expect(x == quantiles + quantiles + quantiles + quantiles)
        // Up is more.
        #expect(y == quantiles.reversed().flatMap { [$0, $0, $0, $0] })
    }

    /// Directions stay unit vectors: once around the circle, and along great circles between others.
    @Test func directionsStayOnTheSphere() throws {
        let (pictures, model) = try pictures("hyperspherical-vae")
        let (x, y) = grid(pictures.manifoldCodes(by: model, side: 4))
        for index in x.indices {
            let angle = 2 * Double.pi * Double(index) / 16
            #expect(abs(x[index] - cos(angle)) < 1e-6 && abs(y[index] - sin(angle)) < 1e-6)
        }
        // A right angle in three steps, and directions between which no way is the shortest.
        let paths = CodePaths(of: model)
        let (first, last) = (Tensor([1.0, 0, 0, 1]), Tensor([0.0, 1, 0, -1]))
        let between = paths.between(
            first.reshaped([2, 2]), last.reshaped([2, 2]), steps: 4)
        #expect(between.shape == [2, 4, 2])
        let right = between[0].elements(as: Double.self)
        for (index, angle) in [0, Double.pi / 6, Double.pi / 3, Double.pi / 2].enumerated() {
            #expect(abs(right[2 * index] - cos(angle)) < 1e-4)
            #expect(abs(right[2 * index + 1] - sin(angle)) < 1e-4)
        }
        let lengths = square(between).sum(axes: [2]).elements(as: Double.self)
        #expect(lengths.allSatisfy { abs($0 - 1) < 1e-6 })
    }

    @Test func otherCodesGoStraight() throws {
        let (_, model) = try pictures("vae")
        let path = CodePaths(of: model).between(
            Tensor([0.0, 2], shape: [1, 2]), Tensor([4.0, 0], shape: [1, 2]), steps: 5)
        #expect(path.elements(as: Double.self) == [0, 2, 1, 1.5, 2, 1, 3, 0.5, 4, 0])
    }

    /// Arcs keep the length of codes and turn evenly; straight lines pass near the middle.
    @Test func arcsKeepTheLength() {
        let (first, last) = (Tensor([3.0, 0, 0, 0, 2, 0]), Tensor([0.0, 0, 3, 0, -2, 0]))
        let arcs = CodePaths.arcs(
            first.reshaped([2, 3]), last.reshaped([2, 3]), at: [0, 1.0 / 3, 0.5, 1])
        #expect(arcs.shape == [2, 4, 3])
        let right = arcs[0].elements(as: Double.self)
        let expected = [
            3, 0, 0, 3 * cos(Double.pi / 6), 0, 3 * sin(Double.pi / 6), 4.5.squareRoot(), 0,
            4.5.squareRoot(), 0, 0, 3,
        ]
        #expect(zip(right, expected).allSatisfy { abs($0 - $1) < 1e-12 })
        // Where no way is the shortest the ends are still the ends.
        #expect(arcs[1, 0].elements(as: Double.self) == [0, 2, 0])
        #expect(abs(arcs[1, 3] - Tensor([0.0, -2, 0])).max().scalar < 1e-12)
        #expect(arcs.isFinite.all().scalar == 1)
        let maps = CodePaths.arcs(
            first.reshaped([2, 1, 3, 1]), last.reshaped([2, 1, 3, 1]), at: [0, 1.0 / 3, 0.5, 1])
        #expect(maps.shape == [2, 4, 1, 3, 1] && maps.reshaped([2, 4, 3]) == arcs)
        let none = CodePaths.arcs(Tensor.zeros([1, 2]), Tensor.ones([1, 2]), at: [0, 1])
        #expect(none.elements(as: Float.self) == [0, 0, 1, 1])
    }

    @Test(arguments: ["rbm", "dbn", "autoencoder"])
    func otherCodesStayWhereThoseOfTestSamplesAre(name: String) throws {
        let (pictures, model) = try pictures(name)
        var told: [Double] = []
        let monitor = ProgressMonitor { event in
            if case .advanced(let part, _) = event { told.append(part) }
        }
        let codes = pictures.manifoldCodes(by: model, side: 5, monitor: monitor)
        #expect(told.last == 1)
        let (x, y) = grid(codes)
        let (knownX, knownY) = grid(model.codes(of: pictures.dataset.test))
        let columns = (0..<5).map { x[$0] }
        let rows = (0..<5).map { y[20 - 5 * $0] }
        for (ticks, known) in [(columns, knownX), (rows, knownY)] {
            let known = known.sorted()
            // The quantiles 0.05 and 0.95 of 360 codes, where the outermost tiles end.
            let (lower, upper) = (known[18], known[342])
            #expect(lower < upper)
            for (index, tick) in ticks.enumerated() {
                let expected = lower + (upper - lower) * (Double(index) + 0.5) / 5
                #expect(abs(tick - expected) < 1e-5 * max(abs(lower), abs(upper)))
            }
        }
    }
}
