import Autograd
import Datasets
import Foundation
import TestSupport
import Testing

@testable import Models

/// Models that give each pixel a probability by those before it.
@Suite struct PixelModelTests {
    /// What there is to be tried: pixels, channels, and how many numbers are known of an image.
    static let cases: [(pixels: PixelValues, channels: Int, conditions: Int)] = [
        (.binary, 1, 0), (.symbols(4), 1, 0), (.categorical(5), 2, 3), (.logistics(2), 3, 2),
    ]

    private static func residual(
        _ pixels: PixelValues, channels: Int = 1, conditions: Int = 0
    ) -> ResidualPixelNetwork {
        var generator = RandomGenerator(seed: 3)
        return ResidualPixelNetwork(
            inputs: pixels.inputs(channels: channels), outputs: pixels.outputs(channels: channels),
            maps: 6, blocks: 2, kernel: 5, conditions: conditions, using: &generator
        ).cast(to: .float64)
    }

    private static func gated(
        _ pixels: PixelValues, channels: Int = 1, conditions: Int = 0
    ) -> GatedPixelNetwork {
        var generator = RandomGenerator(seed: 4)
        return GatedPixelNetwork(
            inputs: pixels.inputs(channels: channels), outputs: pixels.outputs(channels: channels),
            maps: 5, layers: 5, kernel: 5, conditions: conditions, using: &generator
        ).cast(to: .float64)
    }

    // MARK: What a pixel depends on

    /// For each pixel of an image of 5 × 6 the places on which the numbers for it depend.
    private static func reach(of network: some PixelNetwork) -> [Set<Int>] {
        var generator = RandomGenerator(seed: 5)
        let image = generator.uniform([1, 1, 5, 6], dataType: .float64)
        return (0..<30).map { place in
            let slopes = gradient(at: image) { image in
                var context = PassContext.evaluation
                return network(image, in: &context).flattened()[0, place]
            }
            let numbers = slopes.elements(as: Double.self)
            return Set(numbers.indices.filter { numbers[$0] != 0 })
        }
    }

    @Test func gatedLayersSeeAllPixelsBefore() {
        for (place, seen) in Self.reach(of: Self.gated(.binary)).enumerated() {
            #expect(seen == Set(0..<place), "of pixel \(place)")
        }
    }

    @Test func masksLeaveABlindSpot() {
        let reach = Self.reach(of: Self.residual(.binary))
        for (place, seen) in reach.enumerated() {
            #expect(seen.isSubset(of: Set(0..<place)), "of pixel \(place)")
            if place % 6 > 0 { #expect(seen.contains(place - 1)) }
        }
        // Two rows of the first filters, and one row of each block, one column to the right for each.
        let (row, column) = (3, 0)
        #expect(reach[row * 6 + column].contains(2 * 6 + 2))
        #expect(!reach[row * 6 + column].contains(2 * 6 + 5))
    }

    // MARK: Probabilities

    /// All images of some pixels that are numbers from 0 below `levels`.
    private static func all(_ count: Int, levels: Int) -> Tensor {
        let images = Int(pow(Double(levels), Double(count)))
        let digits = (0..<images).flatMap { image in
            (0..<count).map { Double(image / Int(pow(Double(levels), Double($0))) % levels) }
        }
        return Tensor(digits, shape: [images, count])
    }

    @Test func probabilitiesSumToOne() {
        func sum(_ model: some Trainable & HasExactLikelihood, _ images: Tensor) -> Double {
            var generator = RandomGenerator(seed: 0)
            return exp(model.logLikelihood(of: Batch(images), using: &generator)).sum().scalar
        }
        let binary = PixelModel(Self.gated(.binary), of: .binary, sampleShape: [2, 3])
        #expect(abs(sum(binary, Self.all(6, levels: 2).reshaped([-1, 2, 3])) - 1) < 1e-9)
        let symbols = PixelModel(Self.residual(.symbols(3)), of: .symbols(3), sampleShape: [2, 2])
        #expect(abs(sum(symbols, Self.all(4, levels: 3).reshaped([-1, 2, 2])) - 1) < 1e-9)
        var generator = RandomGenerator(seed: 6)
        let ordered = OrderedPixelModel(sampleShape: [2, 3], hiddenSizes: [4], using: &generator)
            .cast(to: .float64)
        #expect(abs(sum(ordered, Self.all(6, levels: 2).reshaped([-1, 2, 3])) - 1) < 1e-9)
    }

    /// The channels of a pixel one after another are as likely as all at once.
    @Test func mixturesOfColoursFactor() {
        var generator = RandomGenerator(seed: 7)
        let parameters = LogisticMixture.parameters(components: 3, channels: 3)
        let mixture = LogisticMixture(
            generator.normal([4, parameters], dataType: .float64), components: 3, channels: 3)
        let levels = generator.integers([4, 3], in: 0..<256)
        let pixels = levels.cast(to: .float64) / 255
        let factors = (0..<3).map { channel in
            let each = logSoftmax(
                mixture.logProbabilities(ofChannel: channel, given: pixels), axis: 1)
            let own = oneHot(levels[0..., channel], depth: 256, dataType: .float64)
            return (each * own).sum(axes: [1])
        }
        let all = mixture.logProbability(of: pixels)
        #expect(closeness(of: factors[0] + factors[1] + factors[2], to: all))
    }

    private func closeness(of x: Tensor, to y: Tensor, tolerance: Double = 1e-9) -> Bool {
        x.shape == y.shape && abs(x - y).max().scalar < tolerance
    }

    // MARK: Drawing

    /// Images as they are drawn where the whole network is evaluated anew for each pixel.
    private static func drawnPlainly(
        _ count: Int, by model: PixelModel<some PixelNetwork>, channels: Int, size: Size2D,
        given condition: Tensor?, seed: UInt64
    ) -> Tensor {
        var generator = RandomGenerator(seed: seed)
        var images = Tensor.zeros([count, channels, size.height, size.width], dataType: .float64)
        for row in 0..<size.height {
            for column in 0..<size.width {
                var context = PassContext.evaluation
                let outputs = model.network(
                    model.pixels.features(of: images), given: condition, in: &context)
                let pixel = model.pixels.drawn(
                    outputs[0..., 0..., row, column], channels: channels, by: model.choice,
                    using: &generator)
                images += pixel.expandingAxis(2).expandingAxis(3).padded([
                    (0, 0), (0, 0), (row, size.height - row - 1), (column, size.width - column - 1),
                ])
            }
        }
        return images
    }

    @Test(arguments: cases) func whatIsKeptChangesNothing(
        _ pixels: PixelValues, _ channels: Int, _ conditions: Int
    ) {
        let size = Size2D(height: 4, width: 5)
        var generator = RandomGenerator(seed: 8)
        let known =
            conditions > 0 ? generator.normal([6, conditions], dataType: .float64) : nil
        func check(_ network: some PixelNetwork) {
            var model = PixelModel(
                network, of: pixels, sampleShape: [channels, size.height, size.width])
            model.choice = SymbolChoice(temperature: 0.9, topP: 0.97)
            let plain = Self.drawnPlainly(
                6, by: model, channels: channels, size: size, given: known, seed: 9)
            var generator = RandomGenerator(seed: 9)
            let drawn = model.drawn(6, given: known, using: &generator)
            #expect(drawn == plain)
            #expect(drawn.max().scalar > drawn.min().scalar)
        }
        check(Self.residual(pixels, channels: channels, conditions: conditions))
        check(Self.gated(pixels, channels: channels, conditions: conditions))
    }

    @Test func pixelsOneByOneHaveTheNumbersOfWholeImages() {
        var generator = RandomGenerator(seed: 10)
        let image = generator.uniform([2, 1, 4, 5], dataType: .float64)
        func check(_ network: some PixelNetwork) {
            var context = PassContext.evaluation
            let whole = network(image, in: &context)
            var pass = PixelByPixel(width: 5)
            var (above, before) = (
                Tensor.zeros([2, 1, 1, 5], dataType: .float64), image[0..., 0..., 0, 0]
            )
            for row in 0..<4 {
                pass.beginRow()
                let rows = network.rows(above, given: nil, in: &pass)
                for column in 0..<5 {
                    pass.begin(column: column)
                    let outputs = network.pixels(before, below: rows, given: nil, in: &pass)
                    #expect(
                        closeness(of: outputs, to: whole[0..., 0..., row, column], tolerance: 1e-12)
                    )
                    before = image[0..., 0..., row, column]
                }
                above = image.sliced(axis: 2, row..<row + 1)
            }
        }
        check(Self.residual(.binary))
        check(Self.gated(.binary))
    }

    @Test func completionsKeepTheFirstRows() {
        var generator = RandomGenerator(seed: 11)
        let images = generator.bernoulli([5, 4, 3], probability: 0.5, dataType: .float64)
        func check(_ model: some DrawsPixels) {
            var generator = RandomGenerator(seed: 12)
            let all = model.completed(Batch(images), keepingRows: 4, using: &generator)
            #expect(all == images)
            let half = model.completed(Batch(images), keepingRows: 2, using: &generator)
            #expect(half[0..., 0..<2] == images[0..., 0..<2])
            #expect(half[0..., 2..<4] != images[0..., 2..<4])
        }
        check(PixelModel(Self.gated(.binary), of: .binary, sampleShape: [4, 3]))
        check(
            OrderedPixelModel(sampleShape: [4, 3], hiddenSizes: [9], using: &generator)
                .cast(to: .float64))
    }

    /// After some training, images of one of two patterns are completed as that pattern.
    @Test func completionsFollowWhatIsKept() throws {
        let patterns = Tensor(
            [0, 1, 0, 1, 1, 0, 1, 0, 1, 0, 1, 0, 0, 1, 0, 1] as [Float], shape: [2, 2, 4])
        let samples = patterns.gathered(at: Tensor((0..<64).map { Int32($0 % 2) }))
        var recipe = PixelCNN()
        (recipe.featureMaps, recipe.blocks) = (8, 1)
        (recipe.training.epochs, recipe.training.batchSize) = (60, 16)
        recipe.training.learningRate = 0.01
        var generator = RandomGenerator(seed: 13)
        let data = DataDescription(
            Dataset(
                name: "patterns", training: Examples(samples), test: Examples(samples),
                classNames: [], source: "drawn"))
        #expect(recipe.values(for: data) == .binary)
        var model = recipe.model(for: data, using: &generator)
        var optimizer = Adam(for: model, learningRate: 0.01)
        let objective = model.objective(NegativeLogLikelihood())
        for _ in 0..<150 {
            let slopes = gradient(at: model) { model in
                var context = PassContext.evaluation
                return objective(model.pass(Batch(samples), in: &context)).total
            }
            optimizer.update(&model, along: slopes)
        }
        // Only the first pixel is not known: one of two.
        let likelihood = model.logLikelihood(of: Batch(patterns), using: &generator)
        #expect(abs(likelihood + log(2)).max().scalar < 0.05)
        let completed = model.completed(Batch(samples), keepingRows: 1, using: &generator)
        #expect((completed .== samples).cast(to: .float32).mean().scalar > 0.97)
    }
}
