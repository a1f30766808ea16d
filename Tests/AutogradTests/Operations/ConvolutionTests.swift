import Autograd
import Testing

@Suite struct ConvolutionTests {
    @Test(arguments: ConvolutionCase.random(count: 40, seed: 1))
    func agreesWithItsDefinition(_ shapes: ConvolutionCase) {
        var generator = RandomGenerator(seed: 2)
        let x = generator.normal(
            [shapes.batch, shapes.channels, shapes.image.height, shapes.image.width],
            dataType: .float64)
        let filter = generator.normal(
            [
                shapes.outputs, shapes.channels / shapes.groups, shapes.filter.height,
                shapes.filter.width,
            ], dataType: .float64)
        let expected = shapes.convolvedByLoops(x, filter)
        #expect(distance(shapes.convolve(x, filter), expected) < 1e-12)
        let single = shapes.convolve(x.cast(to: .float32), filter.cast(to: .float32))
        #expect(single.dataType == .float32)
        #expect(distance(single, expected) < 1e-4)
    }

    @Test(arguments: ConvolutionCase.random(count: 40, seed: 3))
    func transposeAgreesWithItsDefinition(_ shapes: ConvolutionCase) {
        var generator = RandomGenerator(seed: 4)
        let x = generator.normal(
            [shapes.batch, shapes.channels, shapes.image.height, shapes.image.width],
            dataType: .float64)
        let filter = generator.normal(
            [
                shapes.channels, shapes.outputs / shapes.groups, shapes.filter.height,
                shapes.filter.width,
            ], dataType: .float64)
        let expected = shapes.spreadByLoops(x, filter)
        #expect(distance(shapes.spread(x, filter), expected) < 1e-12)
        let single = shapes.spread(x.cast(to: .float32), filter.cast(to: .float32))
        #expect(distance(single, expected) < 1e-4)
    }

    /// Sizes at which the work is cut in every way: parts of a sample, several samples at once,
    /// and a last block that is smaller than the others.
    static let large = [
        ConvolutionCase(batch: 3, channels: 30, outputs: 2, image: 18, padding: 1),
        ConvolutionCase(batch: 9, channels: 6, outputs: 4, image: 7, padding: 1),
        ConvolutionCase(
            batch: 17, groups: 2, channels: 6, outputs: 4, image: 9, stride: 2, dilation: 2),
        ConvolutionCase(batch: 37, channels: 3, outputs: 4, image: 4, filter: 1),
        ConvolutionCase(batch: 2, channels: 260, outputs: 2, image: 18, filter: 1),
    ]

    /// Sizes at which there is work for more than one thread.
    static let parallel = [
        ConvolutionCase(batch: 3, channels: 30, outputs: 16, image: 18, padding: 1),
        ConvolutionCase(batch: 40, channels: 16, outputs: 32, image: 7, padding: 1),
        ConvolutionCase(batch: 64, channels: 64, outputs: 64, image: 4, filter: 1),
        ConvolutionCase(batch: 20, groups: 2, channels: 32, outputs: 32, image: 16, stride: 2),
    ]

    @Test(arguments: large)
    func agreesWithItsDefinitionInBlocks(_ shapes: ConvolutionCase) {
        var generator = RandomGenerator(seed: 5)
        let (height, width) = (shapes.image.height, shapes.image.width)
        let x = generator.normal([shapes.batch, shapes.channels, height, width])
        let side = shapes.filter.height
        let filter = generator.normal(
            [shapes.outputs, shapes.channels / shapes.groups, side, side])
        let y = shapes.convolve(x, filter)
        #expect(distance(y, shapes.convolvedByLoops(x, filter)) < 1e-3)

        // The derivatives are the other two maps; both are known through the first, of which
        // all three are contractions: ⟨y(x, w), c⟩ = ⟨x, x(c, w)⟩ = ⟨w, w(x, c)⟩.
        let (x64, w64) = (x.cast(to: .float64), filter.cast(to: .float64))
        let cotangent = generator.normal(y.shape, dataType: .float64)
        let direction = (
            generator.normal(x.shape, dataType: .float64),
            generator.normal(filter.shape, dataType: .float64)
        )
        let (_, pullback) = valueWithPullback(at: x64, w64) { shapes.convolve($0, $1) }
        let (left, right) = pullback(cotangent)
        let alongX = (shapes.convolve(direction.0, w64) * cotangent).sum().scalar
        #expect(abs((left * direction.0).sum().scalar - alongX) < 1e-9 * max(1, abs(alongX)))
        let alongFilter = (shapes.convolve(x64, direction.1) * cotangent).sum().scalar
        #expect(
            abs((right * direction.1).sum().scalar - alongFilter)
                < 1e-9 * max(1, abs(alongFilter)))
    }

    @Test func sameBitsForAnyNumberOfThreads() async {
        await #expect(processExitsWith: .success) {
            for shapes in ConvolutionTests.parallel {
                var generator = RandomGenerator(seed: 6)
                let (height, width) = (shapes.image.height, shapes.image.width)
                let x = generator.normal([shapes.batch, shapes.channels, height, width])
                let side = shapes.filter.height
                let filter = generator.normal(
                    [shapes.outputs, shapes.channels / shapes.groups, side, side])
                let cotangent = generator.normal(shapes.convolve(x, filter).shape)
                let isSame = isSameForAnyNumberOfThreads {
                    let (y, pullback) = valueWithPullback(at: x, filter) {
                        shapes.convolve($0, $1)
                    }
                    let (left, right) = pullback(cotangent)
                    return [y, left, right]
                }
                #expect(isSame, "\(shapes)")
            }
        }
    }

    @Test(arguments: ConvolutionCase.random(count: 10, seed: 7))
    func derivatives(_ shapes: ConvolutionCase) {
        var shapes = shapes
        shapes.image = 5
        var generator = RandomGenerator(seed: 8)
        let x = generator.normal([shapes.batch, shapes.channels, 5, 5])
        let filter = generator.normal(
            [
                shapes.outputs, shapes.channels / shapes.groups, shapes.filter.height,
                shapes.filter.width,
            ])
        let check = gradientCheck(at: x, filter, order: 2, mode: .directional()) {
            [shapes] x, filter in
            // The sine makes second derivatives with respect to one operand too.
            sin(shapes.convolve(x, filter))
        }
        #expect(check.passes, "\(check)")
    }

    @Test(arguments: ConvolutionCase.random(count: 10, seed: 9))
    func derivativesOfTranspose(_ shapes: ConvolutionCase) {
        var generator = RandomGenerator(seed: 10)
        let x = generator.normal([shapes.batch, shapes.channels, 5, 5])
        let filter = generator.normal(
            [
                shapes.channels, shapes.outputs / shapes.groups, shapes.filter.height,
                shapes.filter.width,
            ])
        let check = gradientCheck(at: x, filter, order: 2, mode: .directional()) { x, filter in
            sin(shapes.spread(x, filter))
        }
        #expect(check.passes, "\(check)")
    }

    @Test func emptyBatch() {
        let filter = Tensor.ones([4, 3, 3, 3])
        let x = Tensor.zeros([0, 3, 8, 8])
        let (y, pullback) = valueWithPullback(at: x, filter) {
            convolution2D($0, $1, padding: 1)
        }
        #expect(y.shape == [0, 4, 8, 8])
        let (left, right) = pullback(y)
        #expect(left.shape == x.shape)
        #expect(right.isIdentical(to: Tensor.zeros([4, 3, 3, 3])))
        #expect(
            transposedConvolution2D(y, filter, stride: 2, padding: 1, outputPadding: 1).shape
                == [0, 3, 16, 16])
    }

    @Test func trapsOnMisuse() async {
        func message(_ result: ExitTest.Result?) -> String {
            String(decoding: result?.standardErrorContent ?? [], as: UTF8.self)
        }
        let channels = await #expect(
            processExitsWith: .failure, observing: [\.standardErrorContent]
        ) {
            _ = convolution2D(Tensor.ones([1, 3, 8, 8]), Tensor.ones([4, 2, 3, 3]))
        }
        #expect(message(channels).contains("convolution2D: a filter [4, 2, 3, 3]"))
        #expect(message(channels).contains("x of shape [1, 3, 8, 8]"))
        let groups = await #expect(
            processExitsWith: .failure, observing: [\.standardErrorContent]
        ) {
            _ = convolution2D(Tensor.ones([1, 4, 8, 8]), Tensor.ones([3, 2, 3, 3]), groups: 2)
        }
        #expect(message(groups).contains("[3, 2, 3, 3] in 2 groups"))
        let size = await #expect(
            processExitsWith: .failure, observing: [\.standardErrorContent]
        ) {
            _ = convolution2D(
                Tensor.ones([1, 1, 4, 8]), Tensor.ones([1, 1, 3, 3]), dilation: 2)
        }
        #expect(message(size).contains("spans 5 × 5"))
        #expect(message(size).contains("[1, 1, 4, 8]"))
        let stride = await #expect(
            processExitsWith: .failure, observing: [\.standardErrorContent]
        ) {
            _ = convolution2D(
                Tensor.ones([1, 1, 4, 4]), Tensor.ones([1, 1, 3, 3]),
                stride: Size2D(height: 0, width: 1))
        }
        #expect(message(stride).contains("stride 0 × 1"))
        let outputPadding = await #expect(
            processExitsWith: .failure, observing: [\.standardErrorContent]
        ) {
            _ = transposedConvolution2D(
                Tensor.ones([1, 1, 4, 4]), Tensor.ones([1, 1, 3, 3]), stride: 2,
                outputPadding: 2)
        }
        #expect(message(outputPadding).contains("output padding 2 × 2 is not less than stride"))
        let inputs = await #expect(
            processExitsWith: .failure, observing: [\.standardErrorContent]
        ) {
            _ = transposedConvolution2D(Tensor.ones([1, 2, 4, 4]), Tensor.ones([3, 1, 3, 3]))
        }
        #expect(message(inputs).contains("transposedConvolution2D: a filter [3, 1, 3, 3]"))
    }
}
