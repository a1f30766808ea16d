/// A matrix in memory that is another's: an element (i, j) is at `i * rowStride + j * columnStride`.
struct MatrixView {
    let elements: UnsafeMutablePointer<Double>
    let rows: Int
    let columns: Int
    let rowStride: Int
    let columnStride: Int

    /// A row-major matrix.
    init(
        _ elements: UnsafeMutablePointer<Double>, rows: Int, columns: Int, rowStride: Int? = nil
    ) {
        self.init(elements, rows, columns, rowStride ?? columns, 1)
    }

    /// A row-major matrix that will only be read.
    init(_ elements: UnsafePointer<Double>, rows: Int, columns: Int) {
        self.init(UnsafeMutablePointer(mutating: elements), rows: rows, columns: columns)
    }

    private init(
        _ elements: UnsafeMutablePointer<Double>, _ rows: Int, _ columns: Int, _ rowStride: Int,
        _ columnStride: Int
    ) {
        self.elements = elements
        self.rows = rows
        self.columns = columns
        self.rowStride = rowStride
        self.columnStride = columnStride
    }

    subscript(row: Int, column: Int) -> Double {
        get { elements[row * rowStride + column * columnStride] }
        nonmutating set { elements[row * rowStride + column * columnStride] = newValue }
    }

    func part(_ rows: Range<Int>, _ columns: Range<Int>) -> MatrixView {
        MatrixView(
            elements + rows.lowerBound * rowStride + columns.lowerBound * columnStride, rows.count,
            columns.count, rowStride, columnStride)
    }

    var transposed: MatrixView {
        MatrixView(elements, columns, rows, columnStride, rowStride)
    }

    /// The first element of a row, whose elements must be contiguous.
    func row(_ index: Int) -> UnsafeMutablePointer<Double> { elements + index * rowStride }

    func copy(from other: MatrixView) {
        for row in 0..<rows {
            if columnStride == 1, other.columnStride == 1 {
                self.row(row).update(from: other.row(row), count: columns)
            } else {
                for column in 0..<columns { self[row, column] = other[row, column] }
            }
        }
    }

    /// This becomes a b, or that is added to it. Its rows must be contiguous.
    func setProduct(_ a: MatrixView, _ b: MatrixView, adding: Bool = false) {
        guard rows > 0, columns > 0 else { return }
        let work = max(1, columns * a.columns)
        guard rows * work > 512 else { return setSmallProduct(a, b, adding: adding) }
        inParallel(rows, grain: max(64, (1 << 22) / work)) { range in
            let left = a.elements + range.lowerBound * a.rowStride
            let result = row(range.lowerBound)
            let bytes = kernels.productWorkspace(
                .float64, range.count, columns, a.columns, a.rowStride, a.columnStride, b.rowStride,
                b.columnStride)
            withUnsafeTemporaryAllocation(byteCount: max(16, bytes), alignment: 16) { workspace in
                // Sound: it has bytes.
                let workspace = workspace.baseAddress!
                kernels.multiply(
                    .float64, range.count, columns, a.columns, left, a.rowStride, a.columnStride,
                    b.elements, b.rowStride, b.columnStride, result, rowStride, adding, workspace)
            }
        }
    }

    /// Where the preparation of a product would take longer than the product.
    private func setSmallProduct(_ a: MatrixView, _ b: MatrixView, adding: Bool) {
        for row in 0..<rows {
            let result = self.row(row)
            if !adding { result.update(repeating: 0, count: columns) }
            for index in 0..<a.columns {
                let factor = a[row, index]
                let other = b.row(index)
                if b.columnStride == 1 {
                    for column in 0..<columns { result[column] += factor * other[column] }
                } else {
                    for column in 0..<columns {
                        result[column] += factor * other[column * b.columnStride]
                    }
                }
            }
        }
    }

    func multiply(by factor: Double) {
        for row in 0..<rows {
            let elements = self.row(row)
            for column in 0..<columns { elements[column] *= factor }
        }
    }

    /// The power of two near the magnitude of the greatest element: to divide by it is exact and
    /// keeps squares from overflowing. Nil if an element is not finite.
    func scale() -> Double? {
        var greatest = 0.0
        // Becomes NaN by an element that is not finite.
        var witness = 0.0
        for row in 0..<rows {
            let elements = self.row(row)
            for column in 0..<columns {
                greatest = max(greatest, abs(elements[column]))
                witness += 0 * elements[column]
            }
        }
        guard witness == 0 else { return nil }
        guard greatest > 0 else { return 1 }
        // Its inverse is finite, too.
        let exponent = min(max(greatest.exponent, -1000), 1000)
        return Double(sign: .plus, exponent: exponent, significand: 1)
    }

    /// Whether the first of the elements of greatest magnitude of a column is negative.
    func columnIsNegative(_ column: Int) -> Bool {
        var greatest = 0.0
        for row in 0..<rows where abs(self[row, column]) > abs(greatest) {
            greatest = self[row, column]
        }
        return greatest < 0
    }
}

/// Calls `body` with a matrix of zeros of its own, whose rows do not fall into the same few sets of
/// a cache.
func withMatrix<Result>(
    _ rows: Int, _ columns: Int, _ body: (MatrixView) -> Result
) -> Result {
    let rowStride = columns % 32 == 0 && columns > 32 ? columns + 8 : columns
    return withVector(rows * rowStride) {
        body(MatrixView($0, rows: rows, columns: columns, rowStride: rowStride))
    }
}

/// Calls `body` with a vector of zeros of its own.
func withVector<Result>(
    _ count: Int, _ body: (UnsafeMutablePointer<Double>) -> Result
) -> Result {
    withUnsafeTemporaryAllocation(of: Double.self, capacity: max(1, count)) { buffer in
        buffer.initialize(repeating: 0)
        // Sound: it has an element.
        return body(buffer.baseAddress!)
    }
}

/// The dot product of two vectors.
func dot(
    _ a: UnsafePointer<Double>, _ b: UnsafePointer<Double>, _ count: Int
) -> Double {
    var result = 0.0
    kernels.dotRows(.float64, a, 0, b, 0, 1, count, &result)
    return result
}
