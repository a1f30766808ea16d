/// Copies of parts of a factor in the order in which a register tile reads them.
enum Packing<V: Vector> {
    typealias Element = V.Element

    /// Packs `length` rows of `width` elements each, `stride` apart, into rows of `panel` elements,
    /// a multiple of a vector, padded with zeros.
    @inline(__always)
    static func packRows(
        _ source: UnsafePointer<Element>, stride: Int, length: Int, width: Int, panel: Int,
        into target: UnsafeMutablePointer<Element>
    ) {
        var source = source
        var target = target
        for _ in 0..<length {
            if width == panel {
                copyVectors(source, target, count: panel)
            } else {
                for lane in Swift.stride(from: 0, to: panel, by: V.lanes) {
                    V(repeating: 0).store(at: target + lane)
                }
                copyFew(source, target, count: width)
            }
            source += stride
            target += panel
        }
    }

    @inline(__always)
    private static func copyVectors(
        _ source: UnsafePointer<Element>, _ target: UnsafeMutablePointer<Element>, count: Int
    ) {
        V(at: source).store(at: target)
        if count > V.lanes { V(at: source + V.lanes).store(at: target + V.lanes) }
    }

    /// Packs `width` rows of `length` elements each, `stride` apart, as the `width` columns of
    /// `length` rows of `panel` elements, a multiple of a vector, padded with zeros.
    @inline(__always)
    static func packTransposed(
        _ source: UnsafePointer<Element>, stride: Int, length: Int, width: Int, panel: Int,
        into target: UnsafeMutablePointer<Element>
    ) {
        let squares = length / V.lanes * V.lanes
        for first in Swift.stride(from: 0, to: panel, by: V.lanes) {
            if first + V.lanes <= width {
                for along in Swift.stride(from: 0, to: squares, by: V.lanes) {
                    V.transposeSquare(
                        source + first * stride + along, stride: stride,
                        into: target + along * panel + first, stride: panel)
                }
                packScalars(
                    source + first * stride + squares, alongStride: 1, acrossStride: stride,
                    length: length - squares, width: V.lanes, panel: panel, filling: V.lanes,
                    into: target + squares * panel + first)
            } else {
                packScalars(
                    source + first * stride, alongStride: 1, acrossStride: stride,
                    length: length, width: max(0, width - first), panel: panel, filling: V.lanes,
                    into: target + first)
            }
        }
    }

    /// Packs elements with any strides, one by one, into rows `panel` apart, of which `filling`
    /// elements are written.
    @inline(__always)
    static func packScalars(
        _ source: UnsafePointer<Element>, alongStride: Int, acrossStride: Int,
        length: Int, width: Int, panel: Int, filling: Int,
        into target: UnsafeMutablePointer<Element>
    ) {
        for along in 0..<length {
            for across in 0..<filling {
                target[along * panel + across] =
                    across < width ? source[along * alongStride + across * acrossStride] : 0
            }
        }
    }
}

/// Copies fewer than 128 bytes without a loop or a call.
@inline(__always)
func copyFew<Element>(
    _ source: UnsafePointer<Element>, _ target: UnsafeMutablePointer<Element>, count: Int
) {
    var bytes = count * MemoryLayout<Element>.size
    var source = UnsafeRawPointer(source)
    var target = UnsafeMutableRawPointer(target)
    @inline(__always) func copy<Chunk>(_: Chunk.Type) {
        target.storeBytes(of: source.loadUnaligned(as: Chunk.self), as: Chunk.self)
        source += MemoryLayout<Chunk>.size
        target += MemoryLayout<Chunk>.size
        bytes -= MemoryLayout<Chunk>.size
    }
    if bytes >= 64 {
        copy(SIMD4<UInt64>.self)
        copy(SIMD4<UInt64>.self)
    }
    if bytes >= 32 { copy(SIMD4<UInt64>.self) }
    if bytes >= 16 { copy(SIMD2<UInt64>.self) }
    if bytes >= 8 { copy(UInt64.self) }
    if bytes >= 4 { copy(UInt32.self) }
}
