import Autograd
import Datasets
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
