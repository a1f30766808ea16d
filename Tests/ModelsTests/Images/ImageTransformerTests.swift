import Autograd
import Datasets
import Foundation
import ModelTestSupport
import Models
import TestSupport
import Testing

@Suite struct ImageTransformerTests {
    /// A network whose layers do something: trained ones do not begin at zero.
    private func network(
        channels: Int = 3, resultChannels: Int = 3, factor: Int = 1, dilations: [Int] = [1, 2]
    ) -> ResidualConvolutionalNetwork {
        var generator = RandomGenerator(seed: 61)
        var network = ResidualConvolutionalNetwork(
            channels: channels, resultChannels: resultChannels, factor: factor,
            features: dilations.map { _ in 5 }, dilations: dilations, using: &generator)
        var last = network.layers.layers.removeLast() as! Convolution2D
        last.weight = generator.normal(last.weight.shape, standardDeviation: 0.1)
        network.layers.layers.append(last)
        return network
    }

    @Test(arguments: [(3, 3, 1), (1, 3, 1), (3, 3, 2), (1, 1, 4)])
    func tilesGiveTheResultOfTheWhole(channels: Int, resultChannels: Int, factor: Int) {
        let network = network(channels: channels, resultChannels: resultChannels, factor: factor)
        var generator = RandomGenerator(seed: 62)
        let image = generator.uniform([channels, 23, 31])
        let whole = network.transform(image, tileSize: 100)
        #expect(whole.shape == [resultChannels, 23 * factor, 31 * factor])
        #expect(
            closeness(
                of: whole, to: clamp(network(image.expandingAxis(0))[0], from: 0, through: 1),
                tolerance: 0
            ).passes)
        let baseline = clamp(network.baseline(image.expandingAxis(0))[0], from: 0, through: 1)
        for tileSize in [1, 7, 8, 30] {
            let plain = network.transformBaseline(image, tileSize: tileSize)
            #expect(closeness(of: plain, to: baseline, tolerance: 1e-5).passes)
            var parts: [Double] = []
            let monitor = ProgressMonitor { event in
                if case .advanced(let part, _) = event { parts.append(part) }
            }
            let tiled = network.transform(image, tileSize: tileSize, monitor: monitor)
            #expect(closeness(of: tiled, to: whole, tolerance: 1e-5).passes)
            let across = { (side: Int) in (side + tileSize - 1) / tileSize }
            #expect(parts.count == across(23) * across(31))
            #expect(parts == parts.sorted() && abs(parts.last! - 1) < 1e-9)
        }
    }

    /// One pixel less of overlap would show.
    @Test func theReachIsAsFarAsTheImageMatters() {
        for (factor, dilations) in [(1, [1, 2]), (1, [4]), (2, [1]), (4, [])] {
            let network = network(factor: factor, dilations: dilations)
            let side = 2 * network.reach + 3
            var generator = RandomGenerator(seed: 63)
            let image = generator.uniform([1, 3, 1, side])
            let rate = gradient(at: image) {
                network($0).sliced(
                    axis: 3, (network.reach + 1) * factor..<(network.reach + 2) * factor
                )
                .sum()
            }
            let influence = numbers(abs(rate).sum(axes: [0, 1, 2]))
            #expect(influence[0] == 0 && influence[side - 1] == 0)
            #expect(influence[1] > 0 && influence[side - 2] > 0)
        }
    }

    @Test func pixelsAreRoundedToTheNearest() {
        var generator = RandomGenerator(seed: 64)
        let pixels = (255 * generator.uniform([3, 9, 6])).cast(to: .uint8)
        var identity = ResidualConvolutionalNetwork(
            channels: 3, resultChannels: 3, features: [], using: &generator)
        #expect(identity.transform(pixels).isIdentical(to: pixels))
        let exact = network().transform(pixels.cast(to: .float32) / 255)
        let rounded = network().transform(pixels)
        #expect(rounded.dataType == .uint8)
        #expect(abs(rounded.cast(to: .float32) - 255 * exact).max().scalar < 0.501)
        // Values beyond the range end at it.
        var last = identity.layers.layers[0] as! Convolution2D
        last.bias = Tensor([Float(2), -2, 0])
        identity.layers.layers[0] = last
        let beyond = identity.transform(pixels)
        #expect(numbers(beyond[0]).allSatisfy { $0 == 255 })
        #expect(numbers(beyond[1]).allSatisfy { $0 == 0 })
    }

    @Test func theSmallestImageServes() {
        for factor in [1, 3] {
            let result = network(factor: factor).transform(Tensor.zeros([3, 1, 1]))
            #expect(result.shape == [3, factor, factor])
        }
    }

    @Test func anotherNumberOfChannelsTraps() async {
        let result = await #expect(
            processExitsWith: .failure, observing: [\.standardErrorContent]
        ) {
            var generator = RandomGenerator(seed: 1)
            let network = ResidualConvolutionalNetwork(
                channels: 1, resultChannels: 3, features: [], using: &generator)
            _ = network.transform(.zeros([3, 4, 4]))
        }
        #expect(
            message(of: result).contains(
                "transform: expected an image [1, height, width], found [3, 4, 4]"))
    }
}

@Suite struct RestoringTests {
    @Test func greyingIsTheLumaOfTelevision() {
        var generator = RandomGenerator(seed: 71)
        let colours = Tensor([1, 0, 0, 1, 0, 1, 0, 1, 0, 0, 1, 1.0], shape: [1, 3, 2, 2])
        let grey = Greying()(colours, using: &generator)
        #expect(grey.shape == [1, 1, 2, 2])
        #expect(
            closeness(of: numbers(grey), to: [0.299, 0.587, 0.114, 1], tolerance: 1e-12).passes)
    }

    @Test func downscalingKeepsFlatImagesAndDividesSides() {
        var generator = RandomGenerator(seed: 72)
        let small = Downscaling(by: 4)(0.5 + Tensor.zeros([2, 3, 8, 12]), using: &generator)
        #expect(small.shape == [2, 3, 2, 3])
        #expect(abs(small - 0.5).max().scalar < 1e-6)
    }

    /// Untrained the networks do nothing: what is restored is as good as what was degraded.
    @Test(arguments: ["dncnn", "superresolve", "colourise"])
    func untrainedItIsTheBaseline(name: String) throws {
        var generator = RandomGenerator(seed: 73)
        let program = try Recipes.named(name).program(
            for: DataDescription(sampleShape: [3, 12, 16]), using: &generator)
        let restorer = try #require(program.model as? any Restores)
        let samples = generator.uniform([4, 3, 12, 16])
        var first = RandomGenerator(seed: 0)
        let degraded = restorer.degraded(samples, using: &first)
        let baseline = restorer.transformer.baseline(degraded)
        #expect(baseline.shape == samples.shape)
        #expect(restorer.reconstruct(samples).isIdentical(to: baseline))
        #expect(!(program.model is any Encodes), "it has no codes of its own")

        let metrics = try program.metrics(on: Examples(samples), batchSize: 3)
        #expect(metrics["psnr"] == metrics["psnrBefore"])
        #expect(metrics["ssim"] == metrics["ssimBefore"])
        let values = ["psnr", "ssim"].compactMap { metrics[$0] }
        #expect(values.count == 2 && values[0] > 5 && 0.01..<1 ~= values[1])
    }

    /// Equal images have no finite ratio, small ones no similarity; both are told of.
    @Test func metricsAreFiniteWithoutNoiseAndOnSmallImages() throws {
        let recipe = try DnCNN().choosing(["corruption": "gaussian:0"])
        var generator = RandomGenerator(seed: 74)
        let program = recipe.program(
            for: DataDescription(sampleShape: [10, 11]), using: &generator)
        let metrics = try program.metrics(on: Examples(generator.uniform([2, 10, 11])))
        #expect(metrics["psnr"] == 100 && metrics["psnrBefore"] == 100)
        #expect(metrics["ssim"] == nil && metrics["ssimBefore"] == nil)
    }

    @Test func samplesThatDoNotServeAreRefused() {
        func requirement(_ recipe: some Recipe, _ shape: [Int]) -> String? {
            recipe.requirement(of: DataDescription(sampleShape: shape))
        }
        let larger = changed(Superresolution()) { $0.factor = 4 }
        #expect(requirement(Colourisation(), [3, 5, 5]) == nil)
        #expect(requirement(Colourisation(), [5, 5])?.contains("in colour") == true)
        #expect(requirement(Superresolution(), [6, 8]) == nil)
        #expect(requirement(Superresolution(), [3, 6, 9])?.contains("2 divides") == true)
        #expect(requirement(larger, [6, 8])?.contains("4 divides") == true)
        #expect(requirement(DnCNN(), [7, 9]) == nil)
        #expect(requirement(DnCNN(), [7]) != nil)
    }
}
