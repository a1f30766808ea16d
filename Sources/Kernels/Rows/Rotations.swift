import KernelInterface

extension Kernels {
    public static func rotateRows(
        _ rows: UnsafeMutablePointer<Double>, _ stride: Int, _ width: Int, _ rotations: Int,
        _ cosines: UnsafePointer<Double>, _ sines: UnsafePointer<Double>
    ) {
        rotate(DoubleVector.self, rows, stride, width, rotations, cosines, sines)
    }
}

/// One column of vectors after another. A rotated row stays in registers until the next rotation.
@inline(__always)
private func rotate<V: Vector>(
    _: V.Type, _ rows: UnsafeMutablePointer<Double>, _ stride: Int, _ width: Int,
    _ rotations: Int, _ cosines: UnsafePointer<Double>, _ sines: UnsafePointer<Double>
) where V.Element == Double {
    let lanes = V.lanes
    var column = 0
    // Several vectors at a time, so that one need not wait for the other.
    while column + 4 * lanes <= width {
        let top = rows + column
        var carried = (
            V(at: top), V(at: top + lanes), V(at: top + 2 * lanes), V(at: top + 3 * lanes)
        )
        var place = top
        for index in 0..<rotations {
            let (c, s) = (V(repeating: cosines[index]), V(repeating: sines[index]))
            let negated = V(repeating: -sines[index])
            carried.0 = rotate(carried.0, place, stride, c, s, negated)
            carried.1 = rotate(carried.1, place + lanes, stride, c, s, negated)
            carried.2 = rotate(carried.2, place + 2 * lanes, stride, c, s, negated)
            carried.3 = rotate(carried.3, place + 3 * lanes, stride, c, s, negated)
            place += stride
        }
        carried.0.store(at: place)
        carried.1.store(at: place + lanes)
        carried.2.store(at: place + 2 * lanes)
        carried.3.store(at: place + 3 * lanes)
        column += 4 * lanes
    }
    while column < width {
        let rest = width - column
        var place = rows + column
        var carried = V(at: place, upTo: rest)
        for index in 0..<rotations {
            let (c, s) = (V(repeating: cosines[index]), V(repeating: sines[index]))
            let next = V(at: place + stride, upTo: rest)
            (c * carried).adding(product: s, next).store(at: place, upTo: rest)
            carried = (c * next).adding(product: V(repeating: -sines[index]), carried)
            place += stride
        }
        carried.store(at: place, upTo: rest)
        column += lanes
    }
}

/// Stores the first row of a rotated pair, of which the first is in a register, and returns the
/// second, which is the first of the next pair.
@inline(__always)
private func rotate<V: Vector>(
    _ first: V, _ place: UnsafeMutablePointer<Double>, _ stride: Int, _ c: V, _ s: V, _ negated: V
) -> V where V.Element == Double {
    let second = V(at: place + stride)
    (c * first).adding(product: s, second).store(at: place)
    return (c * second).adding(product: negated, first)
}
