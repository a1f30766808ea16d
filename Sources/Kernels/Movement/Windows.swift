import KernelInterface

extension Kernels {
    public static func unfold(
        _ type: DataType, _ windows: Windows, _ channels: Int, _ rows: Range<Int>, _ fill: Double,
        _ input: UnsafeRawPointer, _ output: UnsafeMutableRawPointer, _ outputStride: Int
    ) {
        if type == .float32 {
            unfold(
                FloatVector.self, windows, channels, rows, Float(fill),
                input.assumingMemoryBound(to: Float.self),
                output.assumingMemoryBound(to: Float.self), outputStride)
        } else {
            unfold(
                DoubleVector.self, windows, channels, rows, fill,
                input.assumingMemoryBound(to: Double.self),
                output.assumingMemoryBound(to: Double.self), outputStride)
        }
    }

    public static func fold(
        _ type: DataType, _ windows: Windows, _ channels: Int, _ rows: Range<Int>,
        _ input: UnsafeRawPointer, _ inputStride: Int, _ output: UnsafeMutableRawPointer
    ) {
        if type == .float32 {
            fold(
                FloatVector.self, windows, channels, rows,
                input.assumingMemoryBound(to: Float.self),
                inputStride, output.assumingMemoryBound(to: Float.self))
        } else {
            fold(
                DoubleVector.self, windows, channels, rows,
                input.assumingMemoryBound(to: Double.self), inputStride,
                output.assumingMemoryBound(to: Double.self))
        }
    }

    @inline(__always)
    private static func unfold<V: Vector>(
        _: V.Type, _ windows: Windows, _ channels: Int, _ rows: Range<Int>, _ fill: V.Element,
        _ image: UnsafePointer<V.Element>, _ output: UnsafeMutablePointer<V.Element>,
        _ outputStride: Int
    ) {
        let step = windows.stride.width
        forEachLine(windows, channels, rows) { place, position, stops, inside, start in
            let line = output + place * outputStride + position
            for stop in 0..<inside.lowerBound { line[stop] = fill }
            let source = image + start
            let target = line + inside.lowerBound
            if step == 1 {
                copyLine(V.self, source, target, inside.count)
            } else if step == 2 {
                for stop in 0..<inside.count { target[stop] = source[2 * stop] }
            } else {
                for stop in 0..<inside.count { target[stop] = source[step * stop] }
            }
            for stop in inside.upperBound..<stops { line[stop] = fill }
        }
    }

    @inline(__always)
    private static func fold<V: Vector>(
        _: V.Type, _ windows: Windows, _ channels: Int, _ rows: Range<Int>,
        _ input: UnsafePointer<V.Element>, _ inputStride: Int,
        _ image: UnsafeMutablePointer<V.Element>
    ) {
        let step = windows.stride.width
        forEachLine(windows, channels, rows) { place, position, _, inside, start in
            let source = input + place * inputStride + position + inside.lowerBound
            let target = image + start
            if step == 1 {
                addLine(V.self, source, target, inside.count)
            } else {
                for stop in 0..<inside.count { target[step * stop] += source[stop] }
            }
        }
    }
}

/// Lines are short: a call to copy memory would take longer than the copy itself.
@inline(__always)
private func copyLine<V: Vector>(
    _: V.Type, _ source: UnsafePointer<V.Element>, _ target: UnsafeMutablePointer<V.Element>,
    _ count: Int
) {
    guard count >= V.lanes else {
        for position in 0..<count { target[position] = source[position] }
        return
    }
    for position in stride(from: 0, to: count - V.lanes, by: V.lanes) {
        V(at: source + position).store(at: target + position)
    }
    V(at: source + count - V.lanes).store(at: target + count - V.lanes)
}

@inline(__always)
private func addLine<V: Vector>(
    _: V.Type, _ source: UnsafePointer<V.Element>, _ target: UnsafeMutablePointer<V.Element>,
    _ count: Int
) {
    var position = 0
    while position + V.lanes <= count {
        (V(at: target + position) + V(at: source + position)).store(at: target + position)
        position += V.lanes
    }
    while position < count {
        target[position] += source[position]
        position += 1
    }
}

/// Calls `body` for each place (channel, i, j) of the window and each row of stops, with the place,
/// the position of the row's first stop, the number of stops in it, the range of those where the
/// place is inside the image, and the element under it at the first of these.
@inline(__always)
private func forEachLine(
    _ windows: Windows, _ channels: Int, _ rows: Range<Int>,
    _ body: (_ place: Int, _ position: Int, _ stops: Int, _ inside: Range<Int>, _ start: Int) ->
        Void
) {
    let (image, window, stride) = (windows.image, windows.window, windows.stride)
    let stops = windows.stops.width
    for channel in 0..<channels {
        for i in 0..<window.height {
            for j in 0..<window.width {
                let place = (channel * window.height + i) * window.width + j
                let left = j * windows.dilation.width - windows.padding.width
                let end = min(stops, divided(image.width - left, by: stride.width))
                let first = min(end, divided(-left, by: stride.width))
                let top = i * windows.dilation.height - windows.padding.height
                for row in rows {
                    let line = top + row * stride.height
                    let isInside = line >= 0 && line < image.height && first < end
                    body(
                        place, (row - rows.lowerBound) * stops, stops,
                        isInside ? first..<end : stops..<stops,
                        isInside
                            ? (channel * image.height + line) * image.width + left
                                + first * stride.width : 0)
                }
            }
        }
    }
}

/// Rounded up; 0 for negative numbers.
@inline(__always)
private func divided(_ distance: Int, by step: Int) -> Int {
    max(0, distance + step - 1) / step
}
