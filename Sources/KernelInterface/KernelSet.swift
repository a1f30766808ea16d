/// The kernels of one instruction set: static functions of a caseless type.
///
/// A kernel is a loop over raw memory: it allocates nothing, starts no thread and knows no tensors.
/// Pointers only need the alignment of an element. Counts may be zero. Unless stated otherwise, an
/// output may be the same memory as an input of the same size, but may not partially overlap it.
public protocol KernelSet: RowKernelSet, RecurrentKernelSet {
    /// `portable`, `avx2`, `avx512`.
    static var name: String { get }

    /// `output[i] = function(input[i])`.
    static func unary(
        _ function: UnaryFunction, _ type: DataType,
        _ input: UnsafeRawPointer, _ output: UnsafeMutableRawPointer, _ count: Int
    )

    /// `output[i] = function(left[i * leftStride], right[i * rightStride])`; strides are 0 or 1.
    static func binary(
        _ function: BinaryFunction, _ type: DataType,
        _ left: UnsafeRawPointer, _ leftStride: Int,
        _ right: UnsafeRawPointer, _ rightStride: Int,
        _ output: UnsafeMutableRawPointer, _ count: Int
    )

    /// `output[i] = comparison(left[i * leftStride], right[i * rightStride])`, one byte each.
    static func compare(
        _ comparison: Comparison, _ type: DataType,
        _ left: UnsafeRawPointer, _ leftStride: Int,
        _ right: UnsafeRawPointer, _ rightStride: Int,
        _ output: UnsafeMutablePointer<UInt8>, _ count: Int
    )

    /// `output[i] = mask[i * maskStride] ? left[i * leftStride] : right[i * rightStride]`, for
    /// elements of 1, 2, 4 or 8 bytes; strides are 0 or 1.
    static func select(
        _ size: Int, _ mask: UnsafePointer<UInt8>, _ maskStride: Int,
        _ left: UnsafeRawPointer, _ leftStride: Int,
        _ right: UnsafeRawPointer, _ rightStride: Int,
        _ output: UnsafeMutableRawPointer, _ count: Int
    )

    /// `output[i] = input[i]` as another type, rounding towards zero and saturating if the target
    /// is an integer type (NaN becomes 0); a `bool` is 0 or 1, and true if the input is not 0.
    /// The types of 16 bits are rounded to the nearest number, ties to even, and NaN stays NaN.
    static func convert(
        _ source: DataType, _ target: DataType,
        _ input: UnsafeRawPointer, _ output: UnsafeMutableRawPointer, _ count: Int
    )

    /// `output[i] = reduction over j of input[j * stride + i]` for `i` in `0..<width`, `j` in
    /// `0..<count`, with the rows in order; `stride` is at least `width`. With a count of zero the
    /// output is the identity (0, −∞ or +∞, for integers the least or greatest value). Minimum and
    /// maximum are NaN if an element is.
    static func reduceRows(
        _ reduction: Reduction, _ type: DataType,
        _ input: UnsafeRawPointer, _ count: Int, _ stride: Int, _ width: Int,
        _ output: UnsafeMutableRawPointer
    )

    /// `output[i] = reduction over j of input[i * count + j]` for `i` in `0..<rows`: contiguous
    /// runs, each with a fixed number of accumulators combined in a fixed order.
    static func reduceRuns(
        _ reduction: Reduction, _ type: DataType,
        _ input: UnsafeRawPointer, _ rows: Int, _ count: Int,
        _ output: UnsafeMutableRawPointer
    )

    /// The sums of `reduceRows` and `reduceRuns` of `float32` elements, in `float64`. The memory
    /// must not overlap.
    static func sumRowsInDouble(
        _ input: UnsafePointer<Float>, _ count: Int, _ stride: Int, _ width: Int,
        _ output: UnsafeMutablePointer<Double>
    )
    static func sumRunsInDouble(
        _ input: UnsafePointer<Float>, _ rows: Int, _ count: Int,
        _ output: UnsafeMutablePointer<Double>
    )

    /// `result = left × right` (or `+=` when accumulating) for a row-major `rows × columns` result
    /// with the given row stride in elements.
    ///
    /// Element (i, k) of the left factor is at `i * leftRowStride + k * leftColumnStride`, and
    /// likewise for the right one: a transposed factor has its strides exchanged, and no stride may
    /// be negative. `workspace` has room for `productWorkspace` bytes of the same product. Every
    /// element of the result is accumulated in the same order, whatever part of the result a call
    /// computes.
    static func multiply(
        _ type: DataType, _ rows: Int, _ columns: Int, _ depth: Int,
        _ left: UnsafeRawPointer, _ leftRowStride: Int, _ leftColumnStride: Int,
        _ right: UnsafeRawPointer, _ rightRowStride: Int, _ rightColumnStride: Int,
        _ result: UnsafeMutableRawPointer, _ resultStride: Int,
        _ accumulating: Bool, _ workspace: UnsafeMutableRawPointer
    )

    /// Bytes of workspace that `multiply` needs: none if it reads both factors in place.
    static func productWorkspace(
        _ type: DataType, _ rows: Int, _ columns: Int, _ depth: Int,
        _ leftRowStride: Int, _ leftColumnStride: Int,
        _ rightRowStride: Int, _ rightColumnStride: Int
    ) -> Int

    /// The most bytes of workspace that any product needs.
    static var mostProductWorkspace: Int { get }

    /// Rows and columns of the register tile in `float32`: work is best split in multiples of
    /// these.
    static var tileRows: Int { get }
    static var tileColumns: Int { get }

    /// Philox 4×32-10 (Salmon et al., "Parallel Random Numbers: As Easy as 1, 2, 3", 2011):
    /// `output[4 * b + w]` is word `w` of the block with the 128-bit counter
    /// `(firstBlock + b, stream)`, low words first.
    static func randomWords(
        _ key: UInt64, _ stream: UInt64, _ firstBlock: UInt64,
        _ output: UnsafeMutablePointer<UInt32>, _ blocks: Int
    )

    /// `output[2i]` and `output[2i + 1]`, standard normal, each pair from two uniform numbers by
    /// the Box–Muller method: in `float32` from words `2i` and `2i + 1`, in `float64` from the
    /// pairs of words at `4i` and `4i + 2`. `pairs` is the number of `i`.
    static func normal(
        _ type: DataType, _ words: UnsafePointer<UInt32>,
        _ output: UnsafeMutableRawPointer, _ pairs: Int
    )

    /// Copies elements of 1, 2, 4 or 8 bytes of an array of `shape` from where `inputStrides` (in
    /// elements; zero and negative ones too) lead to where `outputStrides` do. The memory must not
    /// overlap.
    static func copyStrided(
        _ size: Int, _ shape: [Int], _ inputStrides: [Int], _ outputStrides: [Int],
        _ input: UnsafeRawPointer, _ output: UnsafeMutableRawPointer
    )

    /// The elements under a sliding window, laid out as a factor of a matrix product
    /// ("im2col"), in `float32` and `float64`.
    ///
    /// From an image `[channels, height, width]`, row `(channel, i, j)` of the output has, for each
    /// stop of the window in the given rows of stops, the element under place (i, j), and `fill`
    /// outside of the image. Rows are `outputStride` elements apart.
    static func unfold(
        _ type: DataType, _ windows: Windows, _ channels: Int, _ rows: Range<Int>,
        _ fill: Double, _ input: UnsafeRawPointer, _ output: UnsafeMutableRawPointer,
        _ outputStride: Int
    )

    /// The transpose of `unfold`: adds every element of the rows to the element of the image that
    /// it came from, place after place, in `float32` and `float64`.
    static func fold(
        _ type: DataType, _ windows: Windows, _ channels: Int, _ rows: Range<Int>,
        _ input: UnsafeRawPointer, _ inputStride: Int, _ output: UnsafeMutableRawPointer
    )

    /// Lays out grids of `count` images, `inputStride` and `outputStride` elements apart, with
    /// zeros where a grid is outside of its image, in `float32` and `float64`.
    ///
    /// Each of the `phases` is another grid, stored `phaseStride` elements after the previous one,
    /// whose rows begin one element later in the image. From `input` on, `readable` elements of
    /// memory may be read. After the last row of a grid `trailing` zeros are written, and then up
    /// to 64 bytes more.
    static func gatherGrid(
        _ type: DataType, _ grid: Grid, _ count: Int,
        _ input: UnsafeRawPointer, _ inputStride: Int, _ readable: Int,
        _ output: UnsafeMutableRawPointer, _ outputStride: Int, _ phases: Int,
        _ phaseStride: Int, _ trailing: Int
    )

    /// Combines `count` images, each from as many grids as a step has elements, row-major and
    /// `phaseStride` elements apart: element (r, c) of an image is that of grid `(r % step.height,
    /// c % step.width)` at `(r / step.height, c / step.width)`. Only `rows` whole rows of an image
    /// are written, from `first.height` on, a multiple of the step: the input begins with the
    /// elements for these.
    ///
    /// Up to 64 bytes after a row of the input may be read.
    static func scatterGrids(
        _ type: DataType, _ grid: Grid, _ count: Int,
        _ input: UnsafeRawPointer, _ inputStride: Int, _ phaseStride: Int,
        _ output: UnsafeMutableRawPointer, _ outputStride: Int
    )

    /// The size of the register tile, filters by positions, that `correlate` uses for the given
    /// number of filters.
    static func correlationTile(_ type: DataType, _ filters: Int) -> Size2D

    /// Copies filters to panels with the height of the tile: element `d` of filter `f` from `f *
    /// rowStride + offsets[d]`. The output has `depth` elements for each filter, with the number of
    /// filters rounded up to whole tiles.
    static func packFilter(
        _ type: DataType, _ filters: Int, _ depth: Int,
        _ filter: UnsafeRawPointer, _ rowStride: Int, _ offsets: UnsafePointer<Int>,
        _ output: UnsafeMutableRawPointer
    )

    /// `output[f * outputStride + p] = sum over d of filter[f, d] * source[offsets[d] + p]` for
    /// filters packed by `packFilter`, with the depth in order. Whole tiles are computed: the
    /// output has room for the numbers of filters and of positions rounded up to whole tiles, and
    /// the source is read accordingly.
    static func correlate(
        _ type: DataType, _ filters: Int, _ positions: Int, _ depth: Int,
        _ packedFilter: UnsafeRawPointer, _ source: UnsafeRawPointer,
        _ offsets: UnsafePointer<Int>, _ output: UnsafeMutableRawPointer, _ outputStride: Int
    )

    /// `output[c * outputStride + r] = input[r * inputStride + c]`, in `float32` and `float64`.
    /// Rows and columns are rounded up to whole vectors: missing rows count as zeros; for missing
    /// columns up to 64 bytes are read and as many rows of the output written.
    static func transpose(
        _ type: DataType, _ rows: Int, _ columns: Int,
        _ input: UnsafeRawPointer, _ inputStride: Int,
        _ output: UnsafeMutableRawPointer, _ outputStride: Int
    )

    /// `result[i * resultStride + j] += sum over p in 0..<count of
    /// left[leftOffsets[i] + p] * right[p * rightStride + j]`, in order, in `float32` and
    /// `float64`. The number of columns is a multiple of `outerProductColumns`.
    static func addOuterProducts(
        _ type: DataType, _ rows: Int, _ columns: Int, _ count: Int,
        _ left: UnsafeRawPointer, _ leftOffsets: UnsafePointer<Int>,
        _ right: UnsafeRawPointer, _ rightStride: Int,
        _ result: UnsafeMutableRawPointer, _ resultStride: Int
    )

    static var outerProductColumns: Int { get }

    // The transforms of Winograd's algorithms, which compute two by two outputs of a filter of
    // `reach` (2 or 3) times `reach` elements with `(reach + 1)²` products for each channel: in
    // `float32` and `float64`. Each of those points has its own plane, `pointStride` elements from
    // the next; the data of a tile of two by two outputs are at the tile's number in it.

    /// The images, transformed for the products, for tiles whose first column is at `2 * tile` and
    /// whose rows begin at `rows`, as many as points in a column. 64 bytes more are written.
    static func winogradImages(
        _ type: DataType, _ reach: Int, _ channels: Int, _ tiles: Int,
        _ input: UnsafeRawPointer, _ inputStride: Int, _ rows: UnsafePointer<Int>,
        _ output: UnsafeMutableRawPointer, _ outputStride: Int, _ pointStride: Int
    )

    /// The cotangents of the outputs, transformed for the products of the filter gradient: from the
    /// upper and the lower rows of the tiles, `[2 * tiles, channels]` each, with whole vectors of
    /// channels; to `[tiles, channels]` for each point.
    static func winogradCotangents(
        _ type: DataType, _ reach: Int, _ channels: Int, _ tiles: Int,
        _ upper: UnsafeRawPointer, _ lower: UnsafeRawPointer,
        _ output: UnsafeMutableRawPointer, _ pointStride: Int
    )

    /// The outputs from the products, with upper and lower rows `phaseStride` apart. Returns
    /// whether all are finite: an infinity would have spread to all outputs of its tiles.
    static func winogradOutputs(
        _ type: DataType, _ reach: Int, _ channels: Int, _ tiles: Int,
        _ input: UnsafeRawPointer, _ inputStride: Int, _ pointStride: Int,
        _ output: UnsafeMutableRawPointer, _ outputStride: Int, _ phaseStride: Int
    ) -> Bool

    /// The filters, more than half a tile of them, transformed for the products and packed for
    /// `correlate`: `depth` times `reach²` elements for each filter.
    static func winogradFilters(
        _ type: DataType, _ reach: Int, _ filters: Int, _ depth: Int,
        _ filter: UnsafeRawPointer, _ rowStride: Int, _ places: UnsafePointer<Int>,
        _ output: UnsafeMutableRawPointer, _ pointStride: Int
    )

    /// The gradients of the filters from the products: those of filter `f` are at
    /// `d * inputStride + f` for each point.
    static func winogradFilterGradients(
        _ type: DataType, _ reach: Int, _ filters: Int, _ depth: Int,
        _ input: UnsafeRawPointer, _ inputStride: Int, _ pointStride: Int,
        _ filter: UnsafeMutableRawPointer, _ rowStride: Int, _ places: UnsafePointer<Int>
    )

    /// The position of the first index that is not in `0..<bound`, `count` if there is none.
    static func firstOutOfRange(_ indices: UnsafePointer<Int32>, _ count: Int, _ bound: Int) -> Int

    /// `output[o, k, i] = input[o, index, i]` for elements of 1, 2, 4 or 8 bytes, with the index of
    /// (k) or of (o, k, i). Indices must be in range; the memory must not overlap.
    static func gather(
        _ size: Int, _ axis: IndexedAxis, _ indices: UnsafePointer<Int32>,
        _ input: UnsafeRawPointer, _ output: UnsafeMutableRawPointer
    )

    /// `output[o, index, i] += input[o, k, i]`, in the order of k, in `float32`, `float64` and
    /// `int32`. Indices must be in range; the memory must not overlap.
    static func scatterAdd(
        _ type: DataType, _ axis: IndexedAxis, _ indices: UnsafePointer<Int32>,
        _ input: UnsafeRawPointer, _ output: UnsafeMutableRawPointer
    )

    /// `scatterAdd` of `float32` elements to an output of `float64`.
    static func scatterAddInDouble(
        _ axis: IndexedAxis, _ indices: UnsafePointer<Int32>,
        _ input: UnsafePointer<Float>, _ output: UnsafeMutablePointer<Double>
    )

    /// One pass of a Fourier transform, in `float32` and `float64`: for each part p and each i in
    /// `0..<run`, the transform of the numbers at `(p + k · parts) · run + i`, for k in `0..<factor`,
    /// times the turns of part p, goes to `(p · factor + k) · run + i`. The run is a multiple of
    /// `fourierLanes`, and the memory must not overlap.
    static func fourierPass(
        _ type: DataType, _ pass: FourierPass, _ source: ComplexMemory, _ target: ComplexMemory
    )

    /// `fourierPass` with a factor of `fourierLanes`, at least as many parts, and a run of 1.
    static func fourierFirstPass(
        _ type: DataType, _ pass: FourierPass, _ source: ComplexMemory, _ target: ComplexMemory
    )

    static func fourierLanes(_ type: DataType) -> Int

    /// The first `wanted` of the positions `0..<count` sorted by their elements, stable, with NaN
    /// last, in `float32`, `float64` and `int32`. The workspace has `sortWorkspace` bytes.
    static func sortIndices(
        _ type: DataType, _ descending: Bool, _ input: UnsafeRawPointer, _ count: Int,
        _ wanted: Int, _ output: UnsafeMutablePointer<Int32>, _ workspace: UnsafeMutableRawPointer
    )

    static func sortWorkspace(_ type: DataType, _ count: Int) -> Int

    /// The sums along the middle one of the axes `[outer, count, inner]` up to each position, or
    /// from the end down to it if reversed, without its own element if exclusive; in `float32`
    /// (summed in `float64`), `float64` and `int32`. The memory must not overlap.
    static func cumulativeSum(
        _ type: DataType, _ outer: Int, _ count: Int, _ inner: Int, _ reversed: Bool,
        _ exclusive: Bool, _ input: UnsafeRawPointer, _ output: UnsafeMutableRawPointer
    )
}
