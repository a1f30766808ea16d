import KernelInterface

/// Where the rows of one operand of attention are stored: each head of each sample has a row for
/// every token, and the rows are `rowStride` elements apart.
struct HeadLayout {
    let storage: Storage
    let first: Int
    let batchStride: Int
    let headStride: Int
    let rowStride: Int

    /// The layout of a tensor `[batch, heads, tokens, size]`.
    init(_ storage: Storage, heads shape: [Int]) {
        self.storage = storage
        first = 0
        (headStride, rowStride) = (shape[2] * shape[3], shape[3])
        batchStride = shape[1] * headStride
    }

    /// The layout of a tensor `[batch, tokens, stride]`, in which the heads are concatenated from
    /// column `first` on.
    init(_ storage: Storage, _ tokens: Int, _ headSize: Int, stride: Int, first: Int) {
        self.storage = storage
        self.first = first
        batchStride = tokens * stride
        (headStride, rowStride) = (headSize, stride)
    }

    /// The layout of a result, in either of these forms.
    init(_ storage: Storage, like shape: [Int], _ heads: AttentionHeads) {
        if shape.count == 4 {
            self.init(storage, heads: shape)
        } else {
            self.init(storage, shape[1], heads.valueSize, stride: shape[2], first: 0)
        }
    }

    /// The first row of a head.
    func rows(_ head: Int, of heads: Int) -> UnsafeMutableRawPointer {
        let element = first + head / heads * batchStride + head % heads * headStride
        return storage.pointer + element * storage.dataType.size
    }
}

/// The sizes of attention, and its computation head by head.
struct AttentionHeads {
    let batch: Int
    let heads: Int
    let queries: Int
    let keys: Int
    let size: Int
    let valueSize: Int
    let isCausal: Bool

    init(_ query: Tensor, _ key: Tensor, _ value: Tensor, isCausal: Bool) {
        (batch, heads) = (query.shape[0], query.shape[1])
        (queries, keys) = (query.shape[2], key.shape[2])
        (size, valueSize) = (query.shape[3], value.shape[3])
        self.isCausal = isCausal
    }

    init(_ projections: Tensor, _ heads: Int, isCausal: Bool) {
        (batch, self.heads) = (projections.shape[0], heads)
        (queries, keys) = (projections.shape[1], projections.shape[1])
        size = projections.shape[2] / 3 / heads
        valueSize = size
        self.isCausal = isCausal
    }

    /// The total number of weights.
    var weights: Int { batch * heads * queries * keys }

    /// The weighted means. The weights are left in `weights`, if given.
    func attend(
        _ type: DataType, _ operands: [HeadLayout], _ output: HeadLayout, _ weights: Storage?
    ) {
        let (query, key, value) = (operands[0], operands[1], operands[2])
        forEachHead(type) { head, product in
            let own = weights == nil ? Storage(type, count: queries * keys) : nil
            let scores = own?.pointer ?? self.weights(weights, head)
            product(
                queries, keys, size, query.rows(head, of: heads), (query.rowStride, 1),
                key.rows(head, of: heads), (1, key.rowStride), scores, keys)
            scale(type, scores)
            if isCausal { hideLaterKeys(type, scores) }
            kernels.softmaxRows(type, false, scores, queries, keys, scores)
            product(
                queries, valueSize, keys, scores, (keys, 1), value.rows(head, of: heads),
                (value.rowStride, 1), output.rows(head, of: heads), output.rowStride)
            withExtendedLifetime(own) {}
        }
    }

    /// The cotangents of queries, keys and values.
    func pullBack(
        _ type: DataType, _ operands: [HeadLayout], _ weights: Storage, _ cotangent: HeadLayout,
        _ results: [HeadLayout]
    ) {
        let (query, key, value) = (operands[0], operands[1], operands[2])
        forEachHead(type) { head, product in
            let slopes = Storage(type, count: queries * keys)
            let weights = self.weights(weights, head)
            let output = cotangent.rows(head, of: heads)
            product(
                keys, valueSize, queries, weights, (1, keys), output, (cotangent.rowStride, 1),
                results[2].rows(head, of: heads), results[2].rowStride)
            product(
                queries, keys, valueSize, output, (cotangent.rowStride, 1),
                value.rows(head, of: heads), (1, value.rowStride), slopes.pointer, keys)
            kernels.softmaxRowsPullback(
                type, false, weights, slopes.pointer, queries, keys, slopes.pointer)
            scale(type, slopes.pointer)
            product(
                queries, size, keys, slopes.pointer, (keys, 1), key.rows(head, of: heads),
                (key.rowStride, 1), results[0].rows(head, of: heads), results[0].rowStride)
            product(
                keys, size, queries, slopes.pointer, (1, keys), query.rows(head, of: heads),
                (query.rowStride, 1), results[1].rows(head, of: heads), results[1].rowStride)
        }
    }

    /// A matrix product: rows, columns and depth; each factor with its row and column stride; the
    /// result with its row stride.
    private typealias Product = (
        _ rows: Int, _ columns: Int, _ depth: Int,
        _ left: UnsafeRawPointer, _ leftStrides: (Int, Int),
        _ right: UnsafeRawPointer, _ rightStrides: (Int, Int),
        _ result: UnsafeMutableRawPointer, _ resultStride: Int
    ) -> Void

    /// Calls `body` for every head of every sample, in parallel, with products that do not use the
    /// threads themselves.
    private func forEachHead(
        _ type: DataType, _ body: (_ head: Int, _ product: Product) -> Void
    ) {
        let work = max(1, queries * keys * (size + valueSize))
        inParallel(batch * heads, grain: max(1, (1 << 18) / work)) { range in
            let workspace = Storage(.uint8, count: kernels.mostProductWorkspace)
            for head in range {
                body(head) {
                    rows, columns, depth, left, leftStrides, right, rightStrides, result, stride in
                    kernels.multiply(
                        type, rows, columns, depth, left, leftStrides.0, leftStrides.1, right,
                        rightStrides.0, rightStrides.1, result, stride, false, workspace.pointer)
                }
            }
        }
    }

    private func weights(_ storage: Storage?, _ head: Int) -> UnsafeMutableRawPointer {
        guard let storage else { trap("attention", "no memory for the weights") }
        return storage.pointer + head * queries * keys * storage.dataType.size
    }

    /// Divides the scores of a head by the square root of the size.
    private func scale(_ type: DataType, _ scores: UnsafeMutableRawPointer) {
        let scale = 1 / Double(size).squareRoot()
        withUnsafePointer(to: Float(scale)) { single in
            withUnsafePointer(to: scale) { double in
                kernels.binary(
                    .multiply, type, scores, 1,
                    type == .float32 ? UnsafeRawPointer(single) : UnsafeRawPointer(double), 0,
                    scores, queries * keys)
            }
        }
    }

    /// Sets the scores of keys after the query to −∞.
    private func hideLaterKeys(_ type: DataType, _ scores: UnsafeMutableRawPointer) {
        func hide<Element: BinaryFloatingPoint>(_: Element.Type) {
            let scores = scores.assumingMemoryBound(to: Element.self)
            for query in 0..<queries where query + 1 < keys {
                (scores + query * keys + query + 1).update(
                    repeating: -.infinity, count: keys - query - 1)
            }
        }
        if type == .float32 { hide(Float.self) } else { hide(Double.self) }
    }
}
