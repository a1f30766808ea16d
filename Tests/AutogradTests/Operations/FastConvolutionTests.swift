import Autograd
import Testing

/// Convolutions large enough that they are computed by Winograd's algorithms in `float32`, and
/// by their definition in `float64`.
@Suite struct FastConvolutionTests {
    struct Shapes: CustomTestStringConvertible, Sendable {
        var batch = 2
        var channels = 16
        var outputs = 16
        var image: Size2D
        var filter = 3
        var stride = 1
        var padding = 1
        var outputPadding = 0
        var isTransposed = false

        func callAsFunction(_ x: Tensor, _ filter: Tensor) -> Tensor {
            let (stride, padding) = (Size2D(stride), Size2D(padding))
            return isTransposed
                ? transposedConvolution2D(
                    x, filter, stride: stride, padding: padding,
                    outputPadding: Size2D(outputPadding))
                : convolution2D(x, filter, stride: stride, padding: padding)
        }

        func operands(_ generator: inout RandomGenerator) -> (x: Tensor, filter: Tensor) {
            let filters = isTransposed ? [channels, outputs] : [outputs, channels]
            return (
                generator.uniform(
                    [batch, channels, image.height, image.width], from: -1, to: 1),
                generator.uniform(filters + [filter, filter], from: -1, to: 1)
            )
        }

        var testDescription: String {
            "\(isTransposed ? "transposed, " : "")batch \(batch), \(channels) to \(outputs), "
                + "image \(image), filter \(filter), stride \(stride), padding \(padding)"
        }
    }

    /// Odd and even sizes, one tile and many, blocks of several samples and parts of one, and
    /// numbers of channels that fill no tile.
    static let shapes = [
        Shapes(image: 2), Shapes(image: 3), Shapes(batch: 3, image: 7),
        Shapes(batch: 1, channels: 17, outputs: 19, image: Size2D(height: 9, width: 6)),
        Shapes(channels: 33, outputs: 21, image: Size2D(height: 29, width: 28)),
        Shapes(batch: 9, channels: 20, outputs: 40, image: 8, padding: 0),
        Shapes(image: Size2D(height: 5, width: 40), padding: 2),
        Shapes(batch: 1, channels: 16, outputs: 24, image: Size2D(height: 60, width: 64)),
        Shapes(batch: 9, channels: 16, outputs: 16, image: 30),
        Shapes(image: 4, filter: 4, stride: 2),
        Shapes(batch: 5, channels: 18, outputs: 35, image: 14, filter: 4, stride: 2),
        Shapes(
            batch: 1, image: Size2D(height: 31, width: 29), filter: 4, stride: 2, padding: 0),
        Shapes(batch: 10, channels: 32, outputs: 16, image: 28, filter: 4, stride: 2),
        Shapes(image: Size2D(height: 13, width: 10), filter: 4, stride: 2, padding: 2),
        Shapes(image: 7, filter: 4, stride: 2, isTransposed: true),
        Shapes(
            batch: 11, channels: 24, outputs: 17, image: Size2D(height: 6, width: 11), filter: 4,
            stride: 2, isTransposed: true),
        Shapes(
            image: 9, filter: 4, stride: 2, padding: 0, outputPadding: 1, isTransposed: true),
        Shapes(image: 12, filter: 2, padding: 0),
        Shapes(image: Size2D(height: 10, width: 15), filter: 2, padding: 1),
    ]

    /// The three maps of a convolution: the value, and the derivatives along a cotangent.
    private static func maps(
        _ shapes: Shapes, _ x: Tensor, _ filter: Tensor, _ cotangent: Tensor
    ) -> [Tensor] {
        let (y, pullback) = valueWithPullback(at: x, filter) { shapes($0, $1) }
        let (left, right) = pullback(cotangent)
        return [y, left, right]
    }

    @Test(arguments: shapes)
    func errorIsBounded(_ shapes: Shapes) {
        var generator = RandomGenerator(seed: 1)
        let (x, filter) = shapes.operands(&generator)
        let cotangent = generator.uniform(shapes(x, filter).shape, from: -1, to: 1)
        let single = Self.maps(shapes, x, filter, cotangent)
        let double = Self.maps(
            shapes, x.cast(to: .float64), filter.cast(to: .float64),
            cotangent.cast(to: .float64))

        // The bound that `WinogradCorrelation` states for the outputs, where the magnitudes of all
        // operands are at most 1. The gradients are such sums themselves; that of a filter has an
        // addend for each position instead of each channel.
        let area = shapes.filter * shapes.filter
        let channels = max(shapes.channels, shapes.outputs)
        let positions = cotangent.count / shapes.outputs
        let roundoff = 0x1p-24
        for (map, count) in zip(0..<3, [channels, channels, max(1, positions / 4)]) {
            let addends = Double(map == 2 ? 4 * count : count * area)
            let bound = 36 * Double(count + 8) * roundoff * addends
            #expect(distance(single[map], double[map]) < bound, "map \(map)")
            // What is to be expected of it: rounding errors add up like a random walk.
            let expected = 8 * roundoff * addends.squareRoot() * 4
            #expect(distance(single[map], double[map]) < expected, "map \(map)")
        }
    }

    @Test(arguments: [
        Shapes(image: Size2D(height: 9, width: 8)),
        Shapes(image: 10, filter: 4, stride: 2),
        Shapes(image: 6, filter: 4, stride: 2, isTransposed: true),
    ])
    func infinityStaysUnderTheFilter(_ shapes: Shapes) {
        var generator = RandomGenerator(seed: 2)
        let (x, filter) = shapes.operands(&generator)
        for element in [Float.infinity, .nan, .greatestFiniteMagnitude] {
            var elements = x.elements(as: Float.self)
            elements[3 * shapes.image.width + 4] = element
            let disturbed = Tensor(elements, shape: x.shape)
            let plain = shapes(x, filter).elements(as: Float.self)
            let output = shapes(disturbed, filter).elements(as: Float.self)
            let expected = shapes(disturbed.cast(to: .float64), filter.cast(to: .float64))
                .elements(as: Double.self)
            #expect(
                output.indices.allSatisfy { Float(expected[$0]).isFinite == output[$0].isFinite })
            #expect(output.contains { !($0.magnitude < 1e30) })
            // Most of the outputs do not see it.
            let same = output.indices.filter { abs(output[$0] - plain[$0]) < 1e-4 }.count
            #expect(same > output.count / 2)
        }
    }

    @Test func sameBitsForAnyNumberOfThreads() async {
        await #expect(processExitsWith: .success) {
            for shapes in FastConvolutionTests.shapes where shapes.batch != 2 {
                var generator = RandomGenerator(seed: 3)
                let (x, filter) = shapes.operands(&generator)
                let cotangent = generator.normal(shapes(x, filter).shape)
                let isSame = isSameForAnyNumberOfThreads {
                    FastConvolutionTests.maps(shapes, x, filter, cotangent)
                }
                #expect(isSame, "\(shapes.testDescription)")
            }
        }
    }
}
