import Autograd
import ModelTestSupport
import Models
import Testing

@Suite struct ConvolutionalTests {
    private static let recipes: [any Recipe] = [
        ConvolutionalAutoencoder(), ConvolutionalDenoisingAutoencoder(),
    ]

    private func model(
        _ shape: [Int], hiddenSizes: [Int], of recipe: any Recipe = ConvolutionalAutoencoder()
    ) throws -> any AutoencoderModel {
        var generator = RandomGenerator(seed: 51)
        return try recipe.small(latentSize: 3, hiddenSizes: hiddenSizes)
            .autoencoder(shape, using: &generator)
    }

    /// Grey and in colour, of sides that two does not divide, down to one pixel.
    @Test(arguments: [
        ([28, 28], [3, 7, 7]), ([3, 32, 32], [3, 8, 8]), ([3, 64, 48], [3, 16, 12]),
        ([27, 30], [3, 7, 8]), ([2, 5, 7], [3, 2, 2]), ([1, 1], [3, 1, 1]),
        ([3, 2, 1], [3, 1, 1]),
    ])
    func anySizeIsHalvedTwiceAndRestored(shape: [Int], code: [Int]) throws {
        var generator = RandomGenerator(seed: 52)
        let images = generator.uniform([2] + shape)
        for recipe in Self.recipes {
            let model = try model(shape, hiddenSizes: [4], of: recipe)
            #expect(model.encode(images).shape == [2] + code)
            #expect(model.reconstruct(images).shape == [2] + shape)
        }
    }

    @Test func layersAreAsManyAsAsked() throws {
        var generator = RandomGenerator(seed: 53)
        let images = generator.uniform([2, 3, 20, 20])
        for (hiddenSizes, side) in [([], 10), ([4, 5], 3), ([4, 5, 6], 2)] {
            let code = try model([3, 20, 20], hiddenSizes: hiddenSizes).encode(images)
            #expect(code.shape == [2, 3, side, side])
        }
    }

    /// Padding is such that a feature sees the pixels around its own place, to all sides.
    @Test func featuresStayWhereTheyAre() throws {
        let model = try model([16, 16], hiddenSizes: [4])
        let empty = Tensor.zeros([1, 16, 16])
        let spot =
            empty
            + oneHot(Tensor([Int32(16 * 8 + 8)]), depth: 256, dataType: .float32)
            .reshaped([1, 16, 16])
        let change = abs(model.encode(spot) - model.encode(empty)).sum(axes: [0, 1])
        // Filters over rows 7 … 9, then 3 … 5: the place in row 2 of four alone.
        for (place, value) in change.elements(as: Float.self).enumerated() {
            #expect((place == 2 * 4 + 2) == (value > 0))
        }
    }

    @Test func samplesThatAreNoImagesAreRefused() {
        for recipe in Self.recipes {
            for shape in [[28, 28], [3, 7, 9]] {
                #expect(recipe.requirement(of: DataDescription(sampleShape: shape)) == nil)
            }
            for shape in [[2], [], [0, 4], [2, 3, 4, 5]] {
                #expect(
                    recipe.requirement(of: DataDescription(sampleShape: shape))?.hasPrefix(
                        "images") == true)
            }
        }
    }
}
