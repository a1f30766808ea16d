/// The kernels of one instruction set.
///
/// A kernel is a loop over raw memory: it allocates nothing, starts no thread and knows no
/// tensor. Pointers need the alignment of an element only. Counts may be zero. Unless said
/// otherwise an output may be the same memory as an input of the same size, but may not
/// overlap it in part.
public struct KernelTable: Sendable {
    /// `portable`, `avx2`, `avx512`.
    public let name: String

    /// `output[i] = function(input[i])`.
    public let unary:
        @Sendable (
            _ function: UnaryFunction, _ type: DataType,
            _ input: UnsafeRawPointer, _ output: UnsafeMutableRawPointer, _ count: Int
        ) -> Void

    /// `output[i] = function(left[i * leftStride], right[i * rightStride])`; strides are 0 or 1.
    public let binary:
        @Sendable (
            _ function: BinaryFunction, _ type: DataType,
            _ left: UnsafeRawPointer, _ leftStride: Int,
            _ right: UnsafeRawPointer, _ rightStride: Int,
            _ output: UnsafeMutableRawPointer, _ count: Int
        ) -> Void

    /// `output[i] = comparison(left[i * leftStride], right[i * rightStride])`, one byte each.
    public let compare:
        @Sendable (
            _ comparison: Comparison, _ type: DataType,
            _ left: UnsafeRawPointer, _ leftStride: Int,
            _ right: UnsafeRawPointer, _ rightStride: Int,
            _ output: UnsafeMutablePointer<UInt8>, _ count: Int
        ) -> Void

    /// `output[i] = mask[i * maskStride] ? left[i * leftStride] : right[i * rightStride]`, on
    /// elements of 1, 4 or 8 bytes; strides are 0 or 1.
    public let select:
        @Sendable (
            _ size: Int, _ mask: UnsafePointer<UInt8>, _ maskStride: Int,
            _ left: UnsafeRawPointer, _ leftStride: Int,
            _ right: UnsafeRawPointer, _ rightStride: Int,
            _ output: UnsafeMutableRawPointer, _ count: Int
        ) -> Void

    /// `output[i] = input[i]` as another type, rounding towards zero and saturating where the
    /// target is an integer (not-a-number becomes 0); a `bool` is 0 or 1, and true where not 0.
    public let convert:
        @Sendable (
            _ source: DataType, _ target: DataType,
            _ input: UnsafeRawPointer, _ output: UnsafeMutableRawPointer, _ count: Int
        ) -> Void

    /// `output[i] = reduction over j of input[j * stride + i]` for `i` in `0..<width`, `j` in
    /// `0..<count`, the rows in order; `stride` is at least `width`. With a count of zero the
    /// output is the identity (0, −∞ or +∞, for integers the least or greatest value).
    /// Minimum and maximum are not-a-number if an element is.
    public let reduceRows:
        @Sendable (
            _ reduction: Reduction, _ type: DataType,
            _ input: UnsafeRawPointer, _ count: Int, _ stride: Int, _ width: Int,
            _ output: UnsafeMutableRawPointer
        ) -> Void

    /// `output[i] = reduction over j of input[i * count + j]` for `i` in `0..<rows`: contiguous
    /// runs, each with a fixed number of accumulators combined in a fixed order.
    public let reduceRuns:
        @Sendable (
            _ reduction: Reduction, _ type: DataType,
            _ input: UnsafeRawPointer, _ rows: Int, _ count: Int,
            _ output: UnsafeMutableRawPointer
        ) -> Void

    /// `result = left × right` (or `+=` when accumulating) for a row-major `rows × columns`
    /// result with the given row stride in elements.
    ///
    /// Element (i, k) of the left factor is at `i * leftRowStride + k * leftColumnStride`, and
    /// likewise right: a transposed factor is one with its strides exchanged. `workspace` has
    /// room for `productWorkspace` bytes, aligned to 64. Every element of the result is
    /// accumulated in the same order whatever part of the result a call computes.
    public let multiply:
        @Sendable (
            _ type: DataType, _ rows: Int, _ columns: Int, _ depth: Int,
            _ left: UnsafeRawPointer, _ leftRowStride: Int, _ leftColumnStride: Int,
            _ right: UnsafeRawPointer, _ rightRowStride: Int, _ rightColumnStride: Int,
            _ result: UnsafeMutableRawPointer, _ resultStride: Int,
            _ accumulating: Bool, _ workspace: UnsafeMutableRawPointer
        ) -> Void

    /// Bytes of workspace that `multiply` needs at most.
    public let productWorkspace: Int

    /// Rows and columns of the register tile in `float32`: work is best split along these.
    public let tileRows: Int
    public let tileColumns: Int

    /// Philox 4×32-10 (Salmon et al., "Parallel Random Numbers: As Easy as 1, 2, 3", 2011):
    /// `output[4 * b + w]` is word `w` of the block with the 128-bit counter
    /// `(firstBlock + b, stream)`, low words first.
    public let randomWords:
        @Sendable (
            _ key: UInt64, _ stream: UInt64, _ firstBlock: UInt64,
            _ output: UnsafeMutablePointer<UInt32>, _ blocks: Int
        ) -> Void

    /// `output[2i]` and `output[2i + 1]`, standard normal, from two uniforms each by Box and
    /// Muller's method: in `float32` from words `2i` and `2i + 1`, in `float64` from the pairs
    /// of words at `4i` and `4i + 2`. `pairs` is the number of `i`.
    public let normal:
        @Sendable (
            _ type: DataType, _ words: UnsafePointer<UInt32>,
            _ output: UnsafeMutableRawPointer, _ pairs: Int
        ) -> Void

    /// Copies elements of 1, 4 or 8 bytes to a row-major array of `shape` from where `strides`
    /// (in elements; zero and negative ones too) reach. The memory may not overlap.
    public let copyStrided:
        @Sendable (
            _ size: Int, _ shape: [Int], _ strides: [Int],
            _ input: UnsafeRawPointer, _ output: UnsafeMutableRawPointer
        ) -> Void

    /// The elements under a sliding window, laid out as a factor of a matrix product
    /// ("im2col"), in `float32` and `float64`.
    ///
    /// From a picture `[channels, height, width]`, row `(channel, i, j)` of the output has, for
    /// each stop of the window in the given rows of stops, the element that place (i, j) lies
    /// on, and `fill` outside of the picture. Rows are `outputStride` elements apart.
    public let unfold:
        @Sendable (
            _ type: DataType, _ windows: Windows, _ channels: Int, _ rows: Range<Int>,
            _ fill: Double, _ input: UnsafeRawPointer, _ output: UnsafeMutableRawPointer,
            _ outputStride: Int
        ) -> Void

    /// The transpose of `unfold`: adds every element of the rows to the element of the picture
    /// that it came from, place after place, in `float32` and `float64`.
    public let fold:
        @Sendable (
            _ type: DataType, _ windows: Windows, _ channels: Int, _ rows: Range<Int>,
            _ input: UnsafeRawPointer, _ inputStride: Int, _ output: UnsafeMutableRawPointer
        ) -> Void

    /// The position of the first index that is not in `0..<bound`, `count` if there is none.
    public let firstOutOfRange:
        @Sendable (_ indices: UnsafePointer<Int32>, _ count: Int, _ bound: Int) -> Int

    /// `output[o, k, i] = input[o, index, i]`, elements of 1, 4 or 8 bytes, with the index of
    /// (k) or of (o, k, i). Indices are in range; the memory may not overlap.
    public let gather:
        @Sendable (
            _ size: Int, _ axis: IndexedAxis, _ indices: UnsafePointer<Int32>,
            _ input: UnsafeRawPointer, _ output: UnsafeMutableRawPointer
        ) -> Void

    /// `output[o, index, i] += input[o, k, i]`, in the order of k, in `float32`, `float64` and
    /// `int32`. Indices are in range; the memory may not overlap.
    public let scatterAdd:
        @Sendable (
            _ type: DataType, _ axis: IndexedAxis, _ indices: UnsafePointer<Int32>,
            _ input: UnsafeRawPointer, _ output: UnsafeMutableRawPointer
        ) -> Void

    /// The first `wanted` of the positions `0..<count` in the order of their elements, equals in
    /// order of position, not-a-number last, in `float32`, `float64` and `int32`. `workspace`
    /// has room for `2 * count` positions.
    public let sortIndices:
        @Sendable (
            _ type: DataType, _ descending: Bool, _ input: UnsafeRawPointer, _ count: Int,
            _ wanted: Int, _ output: UnsafeMutablePointer<Int32>,
            _ workspace: UnsafeMutablePointer<Int32>
        ) -> Void

    /// The sums along the middle one of the axes `[outer, count, inner]` up to each position, or
    /// from the end down to it where reversed, without its own element where exclusive; in
    /// `float32`, `float64` and `int32`. The memory may not overlap.
    public let cumulativeSum:
        @Sendable (
            _ type: DataType, _ outer: Int, _ count: Int, _ inner: Int, _ reversed: Bool,
            _ exclusive: Bool, _ input: UnsafeRawPointer, _ output: UnsafeMutableRawPointer
        ) -> Void

    public init(
        name: String,
        unary:
            @escaping @Sendable (
                UnaryFunction, DataType, UnsafeRawPointer, UnsafeMutableRawPointer, Int
            ) -> Void,
        binary:
            @escaping @Sendable (
                BinaryFunction, DataType, UnsafeRawPointer, Int, UnsafeRawPointer, Int,
                UnsafeMutableRawPointer, Int
            ) -> Void,
        compare:
            @escaping @Sendable (
                Comparison, DataType, UnsafeRawPointer, Int, UnsafeRawPointer, Int,
                UnsafeMutablePointer<UInt8>, Int
            ) -> Void,
        select:
            @escaping @Sendable (
                Int, UnsafePointer<UInt8>, Int, UnsafeRawPointer, Int, UnsafeRawPointer, Int,
                UnsafeMutableRawPointer, Int
            ) -> Void,
        convert:
            @escaping @Sendable (
                DataType, DataType, UnsafeRawPointer, UnsafeMutableRawPointer, Int
            ) -> Void,
        reduceRows:
            @escaping @Sendable (
                Reduction, DataType, UnsafeRawPointer, Int, Int, Int, UnsafeMutableRawPointer
            ) -> Void,
        reduceRuns:
            @escaping @Sendable (
                Reduction, DataType, UnsafeRawPointer, Int, Int, UnsafeMutableRawPointer
            ) -> Void,
        multiply:
            @escaping @Sendable (
                DataType, Int, Int, Int, UnsafeRawPointer, Int, Int, UnsafeRawPointer, Int, Int,
                UnsafeMutableRawPointer, Int, Bool, UnsafeMutableRawPointer
            ) -> Void,
        productWorkspace: Int, tileRows: Int, tileColumns: Int,
        randomWords:
            @escaping @Sendable (
                UInt64, UInt64, UInt64, UnsafeMutablePointer<UInt32>, Int
            ) -> Void,
        normal:
            @escaping @Sendable (
                DataType, UnsafePointer<UInt32>, UnsafeMutableRawPointer, Int
            ) -> Void,
        copyStrided:
            @escaping @Sendable (
                Int, [Int], [Int], UnsafeRawPointer, UnsafeMutableRawPointer
            ) -> Void,
        unfold:
            @escaping @Sendable (
                DataType, Windows, Int, Range<Int>, Double, UnsafeRawPointer,
                UnsafeMutableRawPointer, Int
            ) -> Void,
        fold:
            @escaping @Sendable (
                DataType, Windows, Int, Range<Int>, UnsafeRawPointer, Int,
                UnsafeMutableRawPointer
            ) -> Void,
        firstOutOfRange: @escaping @Sendable (UnsafePointer<Int32>, Int, Int) -> Int,
        gather:
            @escaping @Sendable (
                Int, IndexedAxis, UnsafePointer<Int32>, UnsafeRawPointer, UnsafeMutableRawPointer
            ) -> Void,
        scatterAdd:
            @escaping @Sendable (
                DataType, IndexedAxis, UnsafePointer<Int32>, UnsafeRawPointer,
                UnsafeMutableRawPointer
            ) -> Void,
        sortIndices:
            @escaping @Sendable (
                DataType, Bool, UnsafeRawPointer, Int, Int, UnsafeMutablePointer<Int32>,
                UnsafeMutablePointer<Int32>
            ) -> Void,
        cumulativeSum:
            @escaping @Sendable (
                DataType, Int, Int, Int, Bool, Bool, UnsafeRawPointer, UnsafeMutableRawPointer
            ) -> Void
    ) {
        self.name = name
        self.unary = unary
        self.binary = binary
        self.compare = compare
        self.select = select
        self.convert = convert
        self.reduceRows = reduceRows
        self.reduceRuns = reduceRuns
        self.multiply = multiply
        self.productWorkspace = productWorkspace
        self.tileRows = tileRows
        self.tileColumns = tileColumns
        self.randomWords = randomWords
        self.normal = normal
        self.copyStrided = copyStrided
        self.unfold = unfold
        self.fold = fold
        self.firstOutOfRange = firstOutOfRange
        self.gather = gather
        self.scatterAdd = scatterAdd
        self.sortIndices = sortIndices
        self.cumulativeSum = cumulativeSum
    }
}
