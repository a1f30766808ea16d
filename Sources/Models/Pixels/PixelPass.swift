import Autograd

/// How a network of causal convolutions is evaluated: for whole images, or pixel by pixel with what was
/// computed before. A network is written once for both.
///
/// Features of pixels are `[batch, channels, …]`, with the axes of the image or without any; so what is
/// computed for each number, or along the channels, looks the same for both.
public protocol PixelPass {
    /// A convolution of features of pixels; of those before, where it does not see the pixel itself.
    mutating func convolved(_ features: Tensor, by layer: MaskedConvolution2D) -> Tensor
    /// A convolution of features of rows, `[batch, channels, rows, width]`.
    mutating func convolved(_ rows: Tensor, by layer: DownwardConvolution2D) -> Tensor
    /// What features of rows are at the pixels.
    func atPixels(_ rows: Tensor) -> Tensor
    /// Numbers of samples, `[batch, channels]`, for each pixel.
    func ofEach(_ numbers: Tensor) -> Tensor
}

extension PixelPass {
    /// Numbers of samples, `[batch, channels]`, for all of each row.
    public func ofRows(_ numbers: Tensor) -> Tensor { numbers.reshaped(numbers.shape + [1, 1]) }
}

/// Whole images at once.
struct WholeImages: PixelPass {
    var context: PassContext

    mutating func convolved(_ features: Tensor, by layer: MaskedConvolution2D) -> Tensor {
        layer(features, in: &context)
    }

    mutating func convolved(_ rows: Tensor, by layer: DownwardConvolution2D) -> Tensor {
        layer(rows, in: &context)
    }

    func atPixels(_ rows: Tensor) -> Tensor { rows }
    func ofEach(_ numbers: Tensor) -> Tensor { ofRows(numbers) }
}

/// One pixel after another, in row-major order: each convolution keeps what it was given, as far as it
/// reaches, so that a pixel costs no more than its own outputs.
struct PixelByPixel: PixelPass {
    private let width: Int
    private var row = -1
    private var column = 0
    private var pixels: [Reach] = []
    private var rows: [[Tensor]] = []
    private var pixelCalls = 0
    private var rowCalls = 0

    init(width: Int) { self.width = width }

    /// Goes on to the next row, whose features of rows come next.
    mutating func beginRow() {
        row += 1
        rowCalls = 0
    }

    /// Goes on to a pixel of the row.
    mutating func begin(column: Int) {
        self.column = column
        pixelCalls = 0
    }

    mutating func convolved(_ features: Tensor, by layer: MaskedConvolution2D) -> Tensor {
        if pixelCalls == pixels.count { pixels.append(Reach(of: layer)) }
        defer { pixelCalls += 1 }
        return pixels[pixelCalls].output(features, row: row, column: column, width: width)
    }

    mutating func convolved(_ newRow: Tensor, by layer: DownwardConvolution2D) -> Tensor {
        let above = layer.weight.shape[2] - 1
        if rowCalls == rows.count {
            rows.append(Array(repeating: Tensor.zeros(like: newRow), count: above))
        }
        let seen = rows[rowCalls] + [newRow]
        rows[rowCalls] = seen.suffix(above)
        rowCalls += 1
        return layer.inner(concatenated(seen, axis: 2))
    }

    func atPixels(_ rows: Tensor) -> Tensor {
        rows[0..., 0..., 0, column]
    }

    func ofEach(_ numbers: Tensor) -> Tensor { numbers }

    /// A convolution as a product with the pixels that it reaches from one.
    private struct Reach {
        /// How far they are from it, in rows and columns, the first one first.
        private let offsets: [(row: Int, column: Int)]
        private let seesItself: Bool
        /// `[outputs, pixels * inputs]`.
        private let weight: Tensor
        private let bias: Tensor?
        /// What the convolution was given, by place; nil where it is out of reach, or not yet there.
        private var given: [Tensor?] = []

        init(of layer: MaskedConvolution2D) {
            let shape = layer.weight.shape
            let (middleRow, middleColumn) = (shape[2] / 2, shape[3] / 2)
            let middle = middleRow * shape[3] + middleColumn
            seesItself = layer.kind == .includingCenter
            let seen = seesItself ? middle + 1 : middle
            offsets = (0..<seen).map { ($0 / shape[3] - middleRow, $0 % shape[3] - middleColumn) }
            weight = layer.weight.reshaped([shape[0], shape[1], shape[2] * shape[3]])
                .sliced(axis: 2, 0..<seen).transposed([0, 2, 1])
                .reshaped([shape[0], seen * shape[1]])
            bias = layer.bias
        }

        /// - Parameter features: of the pixel, or of the one before if this is not seen.
        mutating func output(_ features: Tensor, row: Int, column: Int, width: Int) -> Tensor {
            let place = row * width + column
            if seesItself || place > 0 { given.append(features) }
            let zeros = Tensor.zeros(like: features)
            let seen = offsets.map { offset in
                let (row, column) = (row + offset.row, column + offset.column)
                guard row >= 0, 0..<width ~= column else { return zeros }
                return given[row * width + column] ?? zeros
            }
            // The next pixel does not reach it.
            if let first = offsets.first, place + first.row * width + first.column >= 0 {
                given[place + first.row * width + first.column] = nil
            }
            let weighted = matmul(concatenated(seen, axis: 1), weight, transposingRight: true)
            return bias.map { weighted + $0 } ?? weighted
        }
    }
}
