import KernelInterface
import TestSupport
import Testing

/// The product kernel on every instruction set, against plain loops in double precision.
@Suite struct ProductKernelTests {
    /// Sizes around those of vectors, tiles, blocks and the thresholds of packing.
    private static let sizes = [
        1, 2, 3, 5, 6, 7, 8, 11, 12, 13, 15, 16, 17, 23, 31, 32, 33, 49, 65,
    ]

    @Test(arguments: TestedKernels.supported)
    func everySize(_ tested: TestedKernels) {
        var generator = TestGenerator(seed: 1)
        for rows in Self.sizes {
            for columns in Self.sizes {
                let depth = Self.sizes.randomElement(using: &generator)!
                let layout = Layout.all.randomElement(using: &generator)!
                check(Float.self, tested, rows, columns, depth, layout, &generator)
                check(Double.self, tested, rows, columns, depth, layout, &generator)
            }
        }
    }

    /// Several blocks in each direction, factors with rows a page apart, thin ones.
    @Test(arguments: TestedKernels.supported)
    func severalBlocks(_ tested: TestedKernels) {
        var generator = TestGenerator(seed: 2)
        for (rows, columns, depth) in [
            (105, 300, 40), (21, 17, 1100), (70, 1030, 9), (1030, 70, 9), (801, 5, 33),
            (5, 801, 33), (1, 530, 70), (530, 1, 70), (2, 2, 2100), (100, 70, 1),
        ] {
            for layout in Layout.all {
                check(Float.self, tested, rows, columns, depth, layout, &generator)
                check(Double.self, tested, rows, columns, depth, layout, &generator)
            }
        }
    }

    /// Sums over nothing are zero, or leave what is there; no rows or columns are no work.
    @Test(arguments: TestedKernels.supported)
    func zeroSizes(_ tested: TestedKernels) {
        var generator = TestGenerator(seed: 3)
        for (rows, columns, depth) in [(0, 5, 5), (5, 0, 5), (5, 40, 0), (0, 0, 0), (40, 1, 0)] {
            for layout in Layout.all {
                check(Float.self, tested, rows, columns, depth, layout, &generator)
            }
        }
    }

    /// However the result is cut, each element has the bits it has in one piece.
    @Test(arguments: TestedKernels.supported)
    func partsHaveTheBitsOfTheWhole(_ tested: TestedKernels) {
        var generator = TestGenerator(seed: 4)
        for (rows, columns, depth) in [(29, 71, 600), (90, 1040, 20), (14, 9, 1030)] {
            for layout in Layout.all where !layout.accumulating {
                let product = Product(Float.self, rows, columns, depth, layout, &generator)
                let whole = product.computed(tested)
                for _ in 0..<4 {
                    let row = Int.random(in: 0...rows, using: &generator)
                    let column = Int.random(in: 0...columns, using: &generator)
                    var parts = product.result
                    for rowRange in [0..<row, row..<rows] {
                        for columnRange in [0..<column, column..<columns] {
                            product.compute(tested, rowRange, columnRange, into: &parts)
                        }
                    }
                    #expect(sameBits(parts, whole), "\(layout), cut at (\(row), \(column))")
                }
            }
        }
    }

    /// A factor that is not finite spoils its row or column and nothing else, also in the
    /// columns that a tile is filled up with.
    @Test(arguments: TestedKernels.supported, [Float.nan, .infinity])
    func whatIsNotFiniteStaysInItsRowOrColumn(_ tested: TestedKernels, _ value: Float) {
        var generator = TestGenerator(seed: 5)
        for layout in Layout.all {
            var product = Product(Float.self, 14, 37, 40, layout, &generator)
            product.left = product.left.map { abs($0) + 1 }
            product.right = product.right.map { abs($0) + 1 }
            product.setLeft(row: 13, place: 39, value)
            product.setRight(place: 39, column: 35, value)
            let result = product.computed(tested)
            for row in 0..<14 {
                for column in 0..<37 {
                    let found = result[product.position(row, column)]
                    #expect(found.isFinite == (row != 13 && column != 35))
                }
            }
        }
    }

    private func check<T: KernelElement & BinaryFloatingPoint>(
        _: T.Type, _ tested: TestedKernels, _ rows: Int, _ columns: Int, _ depth: Int,
        _ layout: Layout, _ generator: inout TestGenerator
    ) where T.RawSignificand: FixedWidthInteger {
        let product = Product(T.self, rows, columns, depth, layout, &generator)
        let difference = product.difference(of: product.computed(tested))
        // Half of a unit for each rounding at most, and one for the sum with what was there.
        #expect(
            difference <= Double(T.ulpOfOne) * Double(depth + 1),
            "\(rows) × \(depth) × \(columns), \(layout): off by \(difference)")
    }
}

/// How the factors lie, and what happens to the result.
private struct Layout: CustomStringConvertible {
    var transposingLeft = false
    var transposingRight = false
    /// Elements between neighbours in a row: more than one where a factor is neither row-major
    /// nor transposed.
    var spacing = 1
    /// Elements from the start of each array to the first of the matrix.
    var offset = 0
    var accumulating = false

    static let all: [Layout] =
        [false, true].flatMap { left in
            [false, true].flatMap { right in
                [
                    Layout(transposingLeft: left, transposingRight: right),
                    Layout(
                        transposingLeft: left, transposingRight: right, offset: 1,
                        accumulating: true),
                ]
            }
        } + [Layout(spacing: 2, offset: 3)]

    var description: String {
        "left \(transposingLeft ? "transposed" : "plain"), right "
            + "\(transposingRight ? "transposed" : "plain"), spacing \(spacing), "
            + (accumulating ? "accumulating" : "overwriting")
    }
}

/// A product of random matrices, whose result has rows farther apart than they are long.
private struct Product<T: KernelElement & BinaryFloatingPoint>
where T.RawSignificand: FixedWidthInteger {
    let rows: Int
    let columns: Int
    let depth: Int
    let layout: Layout
    var left: [T]
    var right: [T]
    var result: [T]
    private let untouched: T = 7

    init(
        _: T.Type, _ rows: Int, _ columns: Int, _ depth: Int, _ layout: Layout,
        _ generator: inout TestGenerator
    ) {
        func random(_ count: Int) -> [T] {
            (0..<layout.offset + count * layout.spacing).map { _ in
                T.random(in: -1...1, using: &generator)
            }
        }
        self.rows = rows
        self.columns = columns
        self.depth = depth
        self.layout = layout
        left = random(rows * depth)
        right = random(depth * columns)
        result = Array(repeating: untouched, count: layout.offset + rows * (columns + 3))
    }

    private var leftStrides: (Int, Int) {
        layout.transposingLeft
            ? (layout.spacing, rows * layout.spacing) : (depth * layout.spacing, layout.spacing)
    }
    private var rightStrides: (Int, Int) {
        layout.transposingRight
            ? (layout.spacing, depth * layout.spacing) : (columns * layout.spacing, layout.spacing)
    }
    private func leftPosition(_ row: Int, _ place: Int) -> Int {
        layout.offset + row * leftStrides.0 + place * leftStrides.1
    }
    private func rightPosition(_ place: Int, _ column: Int) -> Int {
        layout.offset + place * rightStrides.0 + column * rightStrides.1
    }
    func position(_ row: Int, _ column: Int) -> Int {
        layout.offset + row * (columns + 3) + column
    }

    mutating func setLeft(row: Int, place: Int, _ value: T) {
        left[leftPosition(row, place)] = value
    }
    mutating func setRight(place: Int, column: Int, _ value: T) {
        right[rightPosition(place, column)] = value
    }

    func computed(_ tested: TestedKernels) -> [T] {
        var result = result
        compute(tested, 0..<rows, 0..<columns, into: &result)
        return result
    }

    /// Computes a part of the result, with no more workspace than the kernel asks for.
    func compute(
        _ tested: TestedKernels, _ rows: Range<Int>, _ columns: Range<Int>, into result: inout [T]
    ) {
        let bytes = tested.kernels.productWorkspace(
            T.type, rows.count, columns.count, depth, leftStrides.0, leftStrides.1,
            rightStrides.0, rightStrides.1)
        #expect(bytes <= tested.kernels.mostProductWorkspace)
        let fence: UInt8 = 0xA5
        var workspace = [UInt8](repeating: fence, count: bytes + 64)
        left.withUnsafeBufferPointer { left in
            right.withUnsafeBufferPointer { right in
                result.withUnsafeMutableBufferPointer { result in
                    workspace.withUnsafeMutableBytes { workspace in
                        guard let left = left.baseAddress ?? UnsafePointer(bitPattern: 64),
                            let right = right.baseAddress ?? UnsafePointer(bitPattern: 64),
                            let result = result.baseAddress
                                ?? UnsafeMutablePointer(bitPattern: 64)
                        else { return }
                        tested.kernels.multiply(
                            T.type, rows.count, columns.count, depth,
                            left + leftPosition(rows.lowerBound, 0), leftStrides.0, leftStrides.1,
                            right + rightPosition(0, columns.lowerBound), rightStrides.0,
                            rightStrides.1,
                            result + position(rows.lowerBound, columns.lowerBound),
                            self.columns + 3, layout.accumulating, workspace.baseAddress!)
                    }
                }
            }
        }
        #expect(workspace.suffix(64).allSatisfy { $0 == fence }, "wrote behind the workspace")
    }

    /// The largest difference to the product in double precision, in units of the sum of the
    /// magnitudes of its terms; infinite where anything outside of the result has changed.
    func difference(of result: [T]) -> Double {
        let (products, magnitudes) = reference
        var largest = 0.0
        for row in 0..<rows {
            for column in 0..<columns + 3 {
                let found = Double(result[position(row, column)])
                let start = column < columns && !layout.accumulating ? 0 : Double(untouched)
                guard column < columns else {
                    if found != start { return .infinity }
                    continue
                }
                let difference = abs(found - start - products[row * columns + column])
                let magnitude = start + magnitudes[row * columns + column]
                if !(difference <= magnitude) { return .infinity }
                if difference > 0 { largest = max(largest, difference / magnitude) }
            }
        }
        return largest
    }

    /// The product in double precision, and that of the magnitudes.
    private var reference: ([Double], [Double]) {
        let left = (0..<rows).flatMap { row in
            (0..<depth).map { Double(self.left[leftPosition(row, $0)]) }
        }
        let right = (0..<columns).flatMap { column in
            (0..<depth).map { Double(self.right[rightPosition($0, column)]) }
        }
        var products = [Double](repeating: 0, count: rows * columns)
        var magnitudes = products
        left.withUnsafeBufferPointer { left in
            right.withUnsafeBufferPointer { right in
                for row in 0..<rows {
                    for column in 0..<columns {
                        var (product, magnitude) = (0.0, 0.0)
                        var place = 0
                        while place < depth {
                            let term = left[row * depth + place] * right[column * depth + place]
                            product += term
                            magnitude += abs(term)
                            place += 1
                        }
                        products[row * columns + column] = product
                        magnitudes[row * columns + column] = magnitude
                    }
                }
            }
        }
        return (products, magnitudes)
    }
}
