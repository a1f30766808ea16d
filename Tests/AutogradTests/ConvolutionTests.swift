import Autograd
import Testing

/// A convolution of random shape.
struct ConvolutionCase: CustomStringConvertible, Sendable {
    var batch = 2
    var groups = 1
    var channels = 1
    var outputs = 1
    var picture: Size2D = 5
    var filter: Size2D = 3
    var stride: Size2D = 1
    var padding: Size2D = 0
    var dilation: Size2D = 1
    var outputPadding: Size2D = 0

    /// Shapes that are equal or small in no two axes by design, with every parameter varied.
    static func random(count: Int, seed: UInt64) -> [ConvolutionCase] {
        var generator = RandomGenerator(seed: seed)
        func size(_ range: ClosedRange<Int>) -> Size2D {
            Size2D(
                height: Int.random(in: range, using: &generator),
                width: Int.random(in: range, using: &generator))
        }
        return (0..<count).map { index in
            var shapes = ConvolutionCase()
            shapes.batch = Int.random(in: 1...3, using: &generator)
            shapes.groups = 1 + index % 3
            shapes.channels = shapes.groups * Int.random(in: 1...2, using: &generator)
            shapes.outputs = shapes.groups * Int.random(in: 1...3, using: &generator)
            shapes.filter = index % 5 == 0 ? 1 : size(1...3)
            shapes.stride = index % 4 == 0 ? 1 : size(1...3)
            shapes.padding = index % 5 == 0 ? 0 : size(0...2)
            shapes.dilation = size(1...2)
            shapes.picture = size(5...8)
            shapes.outputPadding = Size2D(
                height: Int.random(in: 0..<shapes.stride.height, using: &generator),
                width: Int.random(in: 0..<shapes.stride.width, using: &generator))
            return shapes
        }
    }

    var description: String {
        "batch \(batch), channels \(channels), outputs \(outputs), groups \(groups), "
            + "picture \(picture), filter \(filter), stride \(stride), padding \(padding), "
            + "dilation \(dilation)"
    }

    func convolve(_ x: Tensor, _ filter: Tensor) -> Tensor {
        convolution2D(
            x, filter, stride: stride, padding: padding, dilation: dilation, groups: groups)
    }

    func spread(_ x: Tensor, _ filter: Tensor) -> Tensor {
        transposedConvolution2D(
            x, filter, stride: stride, padding: padding, outputPadding: outputPadding,
            dilation: dilation, groups: groups)
    }

    /// The convolution by its definition.
    func convolvedByLoops(_ x: Tensor, _ filter: Tensor) -> Tensor {
        let (x, w) = (Elements(x), Elements(filter))
        let height = outputSize(picture.height, \.height)
        let width = outputSize(picture.width, \.width)
        return Elements.tensor([batch, outputs, height, width]) { at in
            let group = at[1] / (outputs / groups)
            var sum = 0.0
            for channel in 0..<channels / groups {
                for i in 0..<self.filter.height {
                    for j in 0..<self.filter.width {
                        let row = at[2] * stride.height - padding.height + i * dilation.height
                        let column = at[3] * stride.width - padding.width + j * dilation.width
                        guard (0..<picture.height).contains(row),
                            (0..<picture.width).contains(column)
                        else { continue }
                        sum +=
                            x[at[0], group * (channels / groups) + channel, row, column]
                            * w[at[1], channel, i, j]
                    }
                }
            }
            return sum
        }
    }

    /// The transposed convolution by its definition, of a picture of size `picture`.
    func spreadByLoops(_ x: Tensor, _ filter: Tensor) -> Tensor {
        let (elements, w) = (Elements(x), Elements(filter))
        let perGroup = outputs / groups
        let height =
            (picture.height - 1) * stride.height - 2 * padding.height
            + dilation.height * (self.filter.height - 1) + 1 + outputPadding.height
        let width =
            (picture.width - 1) * stride.width - 2 * padding.width
            + dilation.width * (self.filter.width - 1) + 1 + outputPadding.width
        var result = [Double](repeating: 0, count: batch * outputs * height * width)
        for index in 0..<x.count {
            let at = elements.position(index)
            let group = at[1] / (channels / groups)
            for output in 0..<perGroup {
                for i in 0..<self.filter.height {
                    for j in 0..<self.filter.width {
                        let row = at[2] * stride.height - padding.height + i * dilation.height
                        let column = at[3] * stride.width - padding.width + j * dilation.width
                        guard (0..<height).contains(row), (0..<width).contains(column) else {
                            continue
                        }
                        let channel = group * perGroup + output
                        result[((at[0] * outputs + channel) * height + row) * width + column] +=
                            elements.values[index] * w[at[1], output, i, j]
                    }
                }
            }
        }
        return Tensor(result, shape: [batch, outputs, height, width])
    }

    private func outputSize(_ size: Int, _ side: KeyPath<Size2D, Int>) -> Int {
        let span = dilation[keyPath: side] * (filter[keyPath: side] - 1) + 1
        return (size + 2 * padding[keyPath: side] - span) / stride[keyPath: side] + 1
    }
}

/// The elements of a tensor by position.
struct Elements {
    let values: [Double]
    let shape: [Int]

    init(_ tensor: Tensor) {
        values = tensor.cast(to: .float64).elements(as: Double.self)
        shape = tensor.shape
    }

    subscript(position: [Int]) -> Double {
        values[zip(position, shape).reduce(0) { $0 * $1.1 + $1.0 }]
    }

    /// An element of four axes.
    subscript(a: Int, b: Int, c: Int, d: Int) -> Double {
        values[((a * shape[1] + b) * shape[2] + c) * shape[3] + d]
    }

    func position(_ index: Int) -> [Int] { Elements.position(index, shape) }

    static func position(_ index: Int, _ shape: [Int]) -> [Int] {
        var rest = index
        return shape.reversed().map { size in
            defer { rest /= size }
            return rest % size
        }.reversed()
    }

    /// The `float64` tensor whose elements are a function of their positions.
    static func tensor(_ shape: [Int], _ function: ([Int]) -> Double) -> Tensor {
        let count = shape.reduce(1, *)
        return Tensor((0..<count).map { function(position($0, shape)) }, shape: shape)
    }
}

/// The greatest difference of two tensors; infinite where shapes differ or one is not a number.
func distance(_ a: Tensor, _ b: Tensor) -> Double {
    guard a.shape == b.shape else { return .infinity }
    let differences = zip(Elements(a).values, Elements(b).values).map { abs($0 - $1) }
    return differences.contains(where: \.isNaN) ? .infinity : differences.max() ?? 0
}

/// Whether `body` gives the same bits with one thread, two and three. To be called in a process
/// of its own (an exit test), as the number of threads is the whole program's.
func isSameForAnyNumberOfThreads(_ body: () -> [Tensor]) -> Bool {
    Threads.count = 1
    let expected = body()
    return (2...3).allSatisfy { count in
        Threads.count = count
        return zip(body(), expected).allSatisfy { $0.isIdentical(to: $1) }
    }
}

@Suite struct ConvolutionTests {
    @Test(arguments: ConvolutionCase.random(count: 40, seed: 1))
    func agreesWithItsDefinition(_ shapes: ConvolutionCase) {
        var generator = RandomGenerator(seed: 2)
        let x = generator.normal(
            [shapes.batch, shapes.channels, shapes.picture.height, shapes.picture.width],
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
            [shapes.batch, shapes.channels, shapes.picture.height, shapes.picture.width],
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
        ConvolutionCase(batch: 3, channels: 30, outputs: 2, picture: 18, padding: 1),
        ConvolutionCase(batch: 9, channels: 6, outputs: 4, picture: 7, padding: 1),
        ConvolutionCase(
            batch: 17, groups: 2, channels: 6, outputs: 4, picture: 9, stride: 2, dilation: 2),
        ConvolutionCase(batch: 37, channels: 3, outputs: 4, picture: 4, filter: 1),
        ConvolutionCase(batch: 2, channels: 260, outputs: 2, picture: 18, filter: 1),
    ]

    /// Sizes at which there is work for more than one thread.
    static let parallel = [
        ConvolutionCase(batch: 3, channels: 30, outputs: 16, picture: 18, padding: 1),
        ConvolutionCase(batch: 40, channels: 16, outputs: 32, picture: 7, padding: 1),
        ConvolutionCase(batch: 64, channels: 64, outputs: 64, picture: 4, filter: 1),
        ConvolutionCase(batch: 20, groups: 2, channels: 32, outputs: 32, picture: 16, stride: 2),
    ]

    @Test(arguments: large)
    func agreesWithItsDefinitionInBlocks(_ shapes: ConvolutionCase) {
        var generator = RandomGenerator(seed: 5)
        let (height, width) = (shapes.picture.height, shapes.picture.width)
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
                let (height, width) = (shapes.picture.height, shapes.picture.width)
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
        shapes.picture = 5
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
