import Autograd
import Models
import Testing

@Suite struct ConvolutionalTests {
    private func model(
        _ shape: [Int], hiddenSizes: [Int], of recipe: Recipe = .convolutional
    ) -> any AutoencoderModel {
        var settings = recipe.defaults
        settings.hiddenSizes = hiddenSizes
        settings.latentSize = 3
        var generator = RandomGenerator(seed: 51)
        return recipe.build(settings, shape, &generator).model
    }

    /// Grey and in colour, of sides that two does not divide, down to one pixel.
    @Test(arguments: [
        ([28, 28], [3, 7, 7]), ([3, 32, 32], [3, 8, 8]), ([3, 64, 48], [3, 16, 12]),
        ([27, 30], [3, 7, 8]), ([2, 5, 7], [3, 2, 2]), ([1, 1], [3, 1, 1]),
        ([3, 2, 1], [3, 1, 1]),
    ])
    func anySizeIsHalvedTwiceAndRestored(shape: [Int], code: [Int]) {
        var generator = RandomGenerator(seed: 52)
        let pictures = generator.uniform([2] + shape)
        for recipe in [Recipe.convolutional, .convolutionalDenoising] {
            let model = model(shape, hiddenSizes: [4], of: recipe)
            #expect(model.encode(pictures).shape == [2] + code)
            #expect(model.reconstruct(pictures).shape == [2] + shape)
        }
    }

    @Test func layersAreAsManyAsAsked() {
        var generator = RandomGenerator(seed: 53)
        let pictures = generator.uniform([2, 3, 20, 20])
        for (hiddenSizes, side) in [([], 10), ([4, 5], 3), ([4, 5, 6], 2)] {
            let code = model([3, 20, 20], hiddenSizes: hiddenSizes).encode(pictures)
            #expect(code.shape == [2, 3, side, side])
        }
    }

    /// Padding is such that a feature sees the pixels around its own place, to all sides.
    @Test func featuresStayWhereTheyAre() {
        let model = model([16, 16], hiddenSizes: [4])
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

    @Test func samplesThatAreNoPicturesAreRefused() {
        let settings = Recipe.convolutional.defaults
        for recipe in [Recipe.convolutional, .convolutionalDenoising] {
            for shape in [[28, 28], [3, 7, 9]] {
                #expect(recipe.requirement(settings, shape) == nil)
            }
            for shape in [[2], [], [0, 4], [2, 3, 4, 5]] {
                #expect(recipe.requirement(settings, shape)?.hasPrefix("pictures") == true)
            }
        }
    }
}
