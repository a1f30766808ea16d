/// The inverse discrete cosine transform of blocks of 8 × 8 in whole numbers: first of the columns,
/// then of the rows, each by the algorithm of Loeffler, Ligtenberg and Moschytz ("Practical fast
/// 1-D DCT algorithms with 11 multiplications", 1989) with factors of 13 bits and two more bits
/// kept in between. So precise are the decoders that others are compared with, and the samples are
/// the same.
enum InverseCosineTransform {
    /// - Parameters:
    ///   - coefficients: the 64 of one block, row by row.
    ///   - samples: the memory to write to, from `start` on, with `stride` samples from one row to
    ///     the next; it must have all eight rows.
    @inline(__always)
    static func apply(
        _ coefficients: UnsafeBufferPointer<Int16>,
        to samples: UnsafeMutableBufferPointer<UInt8>, at start: Int, stride: Int
    ) {
        let input = UnsafeRawBufferPointer(coefficients)
        let output = UnsafeMutableRawBufferPointer(samples)
        if isConstant(input) {
            let value = (Int32(coefficients[0]) &+ 4) &>> 3
            let row = SIMD8(repeating: UInt8(clamping: value &+ 128))
            for index in 0..<8 {
                output.storeBytes(
                    of: row, toByteOffset: start &+ index &* stride, as: SIMD8<UInt8>.self)
            }
            return
        }
        var square = Square(input)
        square.transformColumns(droppedBits: 11)
        square.transpose()
        square.transformColumns(droppedBits: 18)
        square.transpose()
        square.store(to: output, at: start, stride: stride)
    }

    /// Whether all coefficients but the first are zero.
    private static func isConstant(_ input: UnsafeRawBufferPointer) -> Bool {
        var bits = input.loadUnaligned(as: UInt64.self).littleEndian &>> 16
        for offset in Swift.stride(from: 8, to: 128, by: 8) {
            bits |= input.loadUnaligned(fromByteOffset: offset, as: UInt64.self)
        }
        return bits == 0
    }
}

/// Eight rows of eight numbers.
private struct Square {
    typealias Row = SIMD8<Int32>
    var (a, b, c, d, e, f, g, h): (Row, Row, Row, Row, Row, Row, Row, Row)

    @inline(__always)
    init(_ input: UnsafeRawBufferPointer) {
        @inline(__always) func row(_ index: Int) -> Row {
            // One by one: the initializers for all at once are not inlined.
            let row = input.loadUnaligned(fromByteOffset: 16 * index, as: SIMD8<Int16>.self)
            return Row(
                Int32(row[0]), Int32(row[1]), Int32(row[2]), Int32(row[3]), Int32(row[4]),
                Int32(row[5]), Int32(row[6]), Int32(row[7]))
        }
        (a, b, c, d, e, f, g, h) = (row(0), row(1), row(2), row(3), row(4), row(5), row(6), row(7))
    }

    /// Transforms each column. The factors are sums of cosines times 2¹³.
    @inline(__always)
    mutating func transformColumns(droppedBits: Int32) {
        // The even coefficients: a rotation of two, and sums of the others.
        let half = Row(repeating: 1 &<< (droppedBits &- 1))
        let turned = (c &+ g) &* 4433
        let (low, high) = (turned &- g &* 15137, turned &+ c &* 6270)
        let (sum, difference) = ((a &+ e) &<< 13 &+ half, (a &- e) &<< 13 &+ half)
        let even = (sum &+ high, difference &+ low, difference &- low, sum &- high)
        // The odd ones.
        let both = (h &+ d &+ f &+ b) &* 9633
        let (hd, fb) = ((h &+ d) &* -16069 &+ both, (f &+ b) &* -3196 &+ both)
        let (hb, fd) = ((h &+ b) &* -7373, (f &+ d) &* -20995)
        let odd = (
            b &* 12299 &+ hb &+ fb, d &* 25172 &+ fd &+ hd,
            f &* 16819 &+ fd &+ fb, h &* 2446 &+ hb &+ hd
        )
        let shift = Row(repeating: droppedBits)
        a = (even.0 &+ odd.0) &>> shift
        b = (even.1 &+ odd.1) &>> shift
        c = (even.2 &+ odd.2) &>> shift
        d = (even.3 &+ odd.3) &>> shift
        e = (even.3 &- odd.3) &>> shift
        f = (even.2 &- odd.2) &>> shift
        g = (even.1 &- odd.1) &>> shift
        h = (even.0 &- odd.0) &>> shift
    }

    @inline(__always)
    mutating func transpose() {
        let topLeft = transposed(a.lowHalf, b.lowHalf, c.lowHalf, d.lowHalf)
        let topRight = transposed(a.highHalf, b.highHalf, c.highHalf, d.highHalf)
        let bottomLeft = transposed(e.lowHalf, f.lowHalf, g.lowHalf, h.lowHalf)
        let bottomRight = transposed(e.highHalf, f.highHalf, g.highHalf, h.highHalf)
        a = Row(lowHalf: topLeft.0, highHalf: bottomLeft.0)
        b = Row(lowHalf: topLeft.1, highHalf: bottomLeft.1)
        c = Row(lowHalf: topLeft.2, highHalf: bottomLeft.2)
        d = Row(lowHalf: topLeft.3, highHalf: bottomLeft.3)
        e = Row(lowHalf: topRight.0, highHalf: bottomRight.0)
        f = Row(lowHalf: topRight.1, highHalf: bottomRight.1)
        g = Row(lowHalf: topRight.2, highHalf: bottomRight.2)
        h = Row(lowHalf: topRight.3, highHalf: bottomRight.3)
    }

    /// Writes the numbers, with the middle of the range added, as far as bytes have them.
    @inline(__always)
    func store(to output: UnsafeMutableRawBufferPointer, at start: Int, stride: Int) {
        @inline(__always) func store(_ row: Row, _ index: Int) {
            // A number shifted by 31 bits is all ones if it is negative, else all zeros.
            var levels = row &+ 128
            levels = (levels | (255 &- levels) &>> 31) & ~(levels &>> 31)
            @inline(__always) func byte(_ lane: Int) -> UInt8 {
                UInt8(truncatingIfNeeded: levels[lane])
            }
            output.storeBytes(
                of: SIMD8(byte(0), byte(1), byte(2), byte(3), byte(4), byte(5), byte(6), byte(7)),
                toByteOffset: start &+ index &* stride, as: SIMD8<UInt8>.self)
        }
        store(a, 0)
        store(b, 1)
        store(c, 2)
        store(d, 3)
        store(e, 4)
        store(f, 5)
        store(g, 6)
        store(h, 7)
    }
}

private typealias Quarter = SIMD4<Int32>

@inline(__always)
private func transposed(
    _ a: Quarter, _ b: Quarter, _ c: Quarter, _ d: Quarter
) -> (Quarter, Quarter, Quarter, Quarter) {
    (
        Quarter(a.x, b.x, c.x, d.x), Quarter(a.y, b.y, c.y, d.y), Quarter(a.z, b.z, c.z, d.z),
        Quarter(a.w, b.w, c.w, d.w)
    )
}
