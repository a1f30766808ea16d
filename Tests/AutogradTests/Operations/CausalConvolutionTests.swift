import Autograd
import TestSupport
import Testing

@Suite struct CausalConvolutionTests {
    struct Shapes: CustomTestStringConvertible, Sendable {
        let channels: Int
        let outputs: Int
        let image: Size2D
        let filter: Size2D

        func operands(_ dataType: DataType) -> (x: Tensor, filter: Tensor) {
            var generator = RandomGenerator(seed: 1)
            let x = generator.normal(
                [2, channels, image.height, image.width], dataType: dataType)
            let weight = generator.normal(
                [outputs, channels, filter.height, filter.width], dataType: dataType)
            return (x, weight)
        }

        /// 1 for the places that are seen.
        func mask(includesCenter: Bool, _ dataType: DataType) -> Tensor {
            let area = filter.height * filter.width
            let seen = area / 2 + (includesCenter ? 1 : 0)
            return Tensor(
                (0..<area).map { $0 < seen ? 1 : 0 as Float }, shape: [filter.height, filter.width]
            ).cast(to: dataType)
        }

        var testDescription: String {
            "\(channels) to \(outputs), image \(image), filter \(filter)"
        }
    }

    static let shapes = [
        Shapes(channels: 1, outputs: 1, image: 1, filter: 1),
        Shapes(channels: 2, outputs: 3, image: Size2D(height: 4, width: 5), filter: 3),
        Shapes(
            channels: 1, outputs: 9, image: 8, filter: Size2D(height: 7, width: 3)),
        Shapes(channels: 3, outputs: 2, image: 3, filter: 7),
        Shapes(
            channels: 2, outputs: 2, image: Size2D(height: 2, width: 20),
            filter: Size2D(height: 1, width: 5)),
        Shapes(channels: 20, outputs: 33, image: Size2D(height: 15, width: 28), filter: 3),
    ]

    @Test(arguments: shapes, [false, true])
    func isAConvolutionWithMaskedFilters(_ shapes: Shapes, includesCenter: Bool) {
        let (x, filter) = shapes.operands(.float64)
        let mask = shapes.mask(includesCenter: includesCenter, .float64)
        let padding = Size2D(height: shapes.filter.height / 2, width: shapes.filter.width / 2)
        let (y, pullback) = valueWithPullback(at: x, filter) {
            causalConvolution2D($0, $1, includesCenter: includesCenter)
        }
        let (expected, expectedPullback) = valueWithPullback(at: x, filter) {
            convolution2D($0, $1 * mask, padding: padding)
        }
        #expect(distance(y, expected) < 1e-11)
        var generator = RandomGenerator(seed: 2)
        let cotangent = generator.normal(y.shape, dataType: .float64)
        let (gradients, expectedGradients) = (pullback(cotangent), expectedPullback(cotangent))
        #expect(distance(gradients.0, expectedGradients.0) < 1e-11)
        #expect(distance(gradients.1, expectedGradients.1) < 1e-10)
        #expect(distance(gradients.1 * (1 - mask), Tensor.zeros(like: filter)) == 0)
    }

    @Test(arguments: shapes, [false, true])
    func laterPixelsChangeNothing(_ shapes: Shapes, includesCenter: Bool) {
        let (x, filter) = shapes.operands(.float32)
        let y = causalConvolution2D(x, filter, includesCenter: includesCenter)
            .elements(as: Float.self)
        let count = shapes.image.height * shapes.image.width
        let elements = x.elements(as: Float.self)
        for pixel in [0, count / 2, count - 1] {
            let changed = elements.indices.map { index in
                index % count >= pixel ? .infinity : elements[index]
            }
            let output = causalConvolution2D(
                Tensor(changed, shape: x.shape), filter, includesCenter: includesCenter
            ).elements(as: Float.self)
            // The pixel's own output does not see it if the center is excluded.
            let last = includesCenter ? pixel : pixel + 1
            for index in output.indices where index % count < last {
                #expect(output[index] == y[index])
            }
            if includesCenter {
                #expect(output.indices.contains { $0 % count == pixel && !output[$0].isFinite })
            }
        }
    }

    @Test(arguments: [false, true])
    func derivatives(includesCenter: Bool) {
        let (x, filter) = Shapes(channels: 2, outputs: 2, image: 4, filter: 3)
            .operands(.float64)
        let check = gradientCheck(at: x, filter, order: 2) {
            sin(causalConvolution2D($0, $1, includesCenter: includesCenter))
        }
        #expect(check.passes, "\(check)")
    }

    @Test func trapsOnMisuse() async {
        let channels = await #expect(
            processExitsWith: .failure, observing: [\.standardErrorContent]
        ) {
            _ = causalConvolution2D(
                Tensor.ones([1, 3, 8, 8]), Tensor.ones([4, 2, 3, 3]), includesCenter: true)
        }
        #expect(
            message(of: channels).contains(
                "causalConvolution2D: a filter [4, 2, 3, 3] takes 2 channels, not x of shape "
                    + "[1, 3, 8, 8]"))
        let even = await #expect(
            processExitsWith: .failure, observing: [\.standardErrorContent]
        ) {
            _ = causalConvolution2D(
                Tensor.ones([1, 2, 8, 8]), Tensor.ones([4, 2, 3, 2]), includesCenter: true)
        }
        #expect(
            message(of: even).contains(
                "causalConvolution2D: a filter of 3 × 2 has no center: [4, 2, 3, 2]"))
        let empty = await #expect(
            processExitsWith: .failure, observing: [\.standardErrorContent]
        ) {
            _ = causalConvolution2D(
                Tensor.ones([1, 2, 0, 8]), Tensor.ones([4, 2, 3, 3]), includesCenter: true)
        }
        #expect(
            message(of: empty).contains(
                "causalConvolution2D: the image is empty: x of shape [1, 2, 0, 8]"))
    }
}
