import Autograd

/// A convolution of random shape.
struct ConvolutionCase: CustomStringConvertible, Sendable {
    var batch = 2
    var groups = 1
    var channels = 1
    var outputs = 1
    var image: Size2D = 5
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
            shapes.image = size(5...8)
            shapes.outputPadding = Size2D(
                height: Int.random(in: 0..<shapes.stride.height, using: &generator),
                width: Int.random(in: 0..<shapes.stride.width, using: &generator))
            return shapes
        }
    }

    var description: String {
        "batch \(batch), channels \(channels), outputs \(outputs), groups \(groups), "
            + "image \(image), filter \(filter), stride \(stride), padding \(padding), "
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
        let height = outputSize(image.height, \.height)
        let width = outputSize(image.width, \.width)
        return Elements.tensor([batch, outputs, height, width]) { at in
            let group = at[1] / (outputs / groups)
            var sum = 0.0
            for channel in 0..<channels / groups {
                for i in 0..<self.filter.height {
                    for j in 0..<self.filter.width {
                        let row = at[2] * stride.height - padding.height + i * dilation.height
                        let column = at[3] * stride.width - padding.width + j * dilation.width
                        guard (0..<image.height).contains(row),
                            (0..<image.width).contains(column)
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

    /// The transposed convolution by its definition, of an image of size `image`.
    func spreadByLoops(_ x: Tensor, _ filter: Tensor) -> Tensor {
        let (elements, w) = (Elements(x), Elements(filter))
        let perGroup = outputs / groups
        let height =
            (image.height - 1) * stride.height - 2 * padding.height
            + dilation.height * (self.filter.height - 1) + 1 + outputPadding.height
        let width =
            (image.width - 1) * stride.width - 2 * padding.width
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
