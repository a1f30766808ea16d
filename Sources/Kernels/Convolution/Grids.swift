import KernelInterface

extension Kernels {
    public static func gatherGrid(
        _ type: DataType, _ grid: Grid, _ count: Int,
        _ input: UnsafeRawPointer, _ inputStride: Int, _ readable: Int,
        _ output: UnsafeMutableRawPointer, _ outputStride: Int, _ phases: Int,
        _ phaseStride: Int, _ trailing: Int
    ) {
        @inline(__always)
        func gather<V: Vector>(_: V.Type) {
            let input = input.assumingMemoryBound(to: V.Element.self)
            let output = output.assumingMemoryBound(to: V.Element.self)
            let first = GridRow<V>(grid, phase: 0)
            let second = GridRow<V>(grid, phase: 1)
            for plane in 0..<count {
                for row in 0..<grid.rows {
                    let line = grid.first.height + row * grid.step.height
                    let target = output + plane * outputStride + row * grid.pitch
                    guard line >= 0, line < grid.image.height else {
                        for phase in 0..<phases {
                            clear(V.self, target + phase * phaseStride, 0..<grid.pitch)
                        }
                        continue
                    }
                    let start = plane * inputStride + line * grid.image.width
                    if phases == 2 {
                        first.gather(
                            with: second, input + start, readable: readable - start, into: target,
                            and: target + phaseStride)
                    } else if phases == 1 {
                        first.gather(input + start, readable: readable - start, into: target)
                    } else {
                        for phase in 0..<phases {
                            GridRow<V>(grid, phase: phase).gather(
                                input + start, readable: readable - start,
                                into: target + phase * phaseStride)
                        }
                    }
                }
                let end = output + plane * outputStride + grid.rows * grid.pitch
                for phase in 0..<phases {
                    clear(V.self, end + phase * phaseStride, 0..<trailing)
                }
            }
        }
        if type == .float32 { gather(FloatVector.self) } else { gather(DoubleVector.self) }
    }

    public static func scatterGrids(
        _ type: DataType, _ grid: Grid, _ count: Int,
        _ input: UnsafeRawPointer, _ inputStride: Int, _ phaseStride: Int,
        _ output: UnsafeMutableRawPointer, _ outputStride: Int
    ) {
        @inline(__always)
        func scatter<V: Vector>(_: V.Type) {
            let input = input.assumingMemoryBound(to: V.Element.self)
            let output = output.assumingMemoryBound(to: V.Element.self)
            let (step, width) = (grid.step, grid.image.width)
            let whole = (width + V.lanes - 1) / V.lanes * V.lanes
            for plane in 0..<count {
                var target =
                    output + plane * outputStride + grid.first.height * width
                var (phase, row) = (0, input + plane * inputStride)
                for remaining in stride(from: grid.rows, to: 0, by: -1) {
                    let source = row + phase * step.width * phaseStride
                    // Memory after the end of an image row is written next.
                    let mayOverrun = remaining * width >= whole
                    if step.width == 1 {
                        copyRow(
                            V.self, source, into: target, count: width, mayOverrun: mayOverrun)
                    } else if step.width == 2, mayOverrun || width >= V.lanes {
                        zipRow(
                            V.self, source, source + phaseStride, into: target, count: width,
                            mayOverrun: mayOverrun)
                    } else {
                        for column in 0..<min(step.width, width) {
                            let source = source + column * phaseStride
                            for position in stride(from: column, to: width, by: step.width) {
                                target[position] = source[(position - column) / step.width]
                            }
                        }
                    }
                    target += width
                    phase += 1
                    if phase == step.height {
                        phase = 0
                        row += grid.pitch
                    }
                }
            }
        }
        if type == .float32 { scatter(FloatVector.self) } else { scatter(DoubleVector.self) }
    }
}

/// How a row of an image becomes a row of a grid: zeros, elements of the image, zeros.
///
/// Whole vectors are written, so memory after a row of the grid is overwritten: gather rows in
/// order, and leave room for a vector after the last.
private struct GridRow<V: Vector> {
    private let leading: Int
    private let inside: Int
    private let pitch: Int
    private let step: Int
    /// The first element that is used of the image's row.
    private let start: Int

    @inline(__always)
    init(_ grid: Grid, phase: Int) {
        let (first, width) = (grid.first.width + phase, grid.image.width)
        pitch = grid.pitch
        step = grid.step.width
        leading = min(pitch, max(0, (step - 1 - first) / step))
        start = first + leading * step
        inside = max(0, min(pitch - leading, (width - start + step - 1) / step))
    }

    /// From `line` on, `readable` elements may be read.
    @inline(__always)
    func gather(
        _ line: UnsafePointer<V.Element>, readable: Int,
        into target: UnsafeMutablePointer<V.Element>
    ) {
        clear(V.self, target, 0..<leading)
        let source = line + start
        let inner = target + leading
        if step <= 2, start + step * wholeVectors(inside) <= readable {
            for position in stride(from: 0, to: inside, by: V.lanes) {
                if step == 1 {
                    V(at: source + position).store(at: inner + position)
                } else {
                    let pair = source + 2 * position
                    V.unzip(V(at: pair), V(at: pair + V.lanes)).even.store(at: inner + position)
                }
            }
        } else {
            for position in 0..<inside { inner[position] = source[step * position] }
        }
        clear(V.self, target, leading + inside..<pitch)
    }

    /// Both phases of a row at once, if the step is 2.
    @inline(__always)
    func gather(
        with odd: GridRow, _ line: UnsafePointer<V.Element>, readable: Int,
        into target: UnsafeMutablePointer<V.Element>,
        and oddTarget: UnsafeMutablePointer<V.Element>
    ) {
        guard step == 2, odd.start == start + 1, odd.inside <= inside,
            start + 2 * wholeVectors(inside) <= readable
        else {
            gather(line, readable: readable, into: target)
            odd.gather(line, readable: readable, into: oddTarget)
            return
        }
        clear(V.self, target, 0..<leading)
        clear(V.self, oddTarget, 0..<leading)
        for position in stride(from: 0, to: inside, by: V.lanes) {
            let source = line + start + 2 * position
            let pair = V.unzip(V(at: source), V(at: source + V.lanes))
            pair.even.store(at: target + leading + position)
            pair.odd.store(at: oddTarget + leading + position)
        }
        clear(V.self, target, leading + inside..<pitch)
        clear(V.self, oddTarget, leading + odd.inside..<pitch)
    }

    @inline(__always)
    private func wholeVectors(_ count: Int) -> Int { (count + V.lanes - 1) / V.lanes * V.lanes }
}

/// Writes zeros, up to a vector more than requested.
@inline(__always)
private func clear<V: Vector>(
    _: V.Type, _ target: UnsafeMutablePointer<V.Element>, _ range: Range<Int>
) {
    for position in stride(from: range.lowerBound, to: range.upperBound, by: V.lanes) {
        V(repeating: 0).store(at: target + position)
    }
}

@inline(__always)
private func copyRow<V: Vector>(
    _: V.Type, _ source: UnsafePointer<V.Element>, into target: UnsafeMutablePointer<V.Element>,
    count: Int, mayOverrun: Bool
) {
    if mayOverrun {
        for position in stride(from: 0, to: count, by: V.lanes) {
            V(at: source + position).store(at: target + position)
        }
    } else if count >= V.lanes {
        for position in stride(from: 0, to: count - V.lanes, by: V.lanes) {
            V(at: source + position).store(at: target + position)
        }
        // Overlaps the previous one: cheaper than element by element.
        V(at: source + count - V.lanes).store(at: target + count - V.lanes)
    } else {
        for position in 0..<count { target[position] = source[position] }
    }
}

/// A row from its even and its odd elements; of at least a vector, if memory after it must not be
/// written.
@inline(__always)
private func zipRow<V: Vector>(
    _: V.Type, _ even: UnsafePointer<V.Element>, _ odd: UnsafePointer<V.Element>,
    into target: UnsafeMutablePointer<V.Element>, count: Int, mayOverrun: Bool
) {
    var position = 0
    while position + 2 * V.lanes <= count {
        let pair = V.zip(even: V(at: even + position / 2), odd: V(at: odd + position / 2))
        pair.first.store(at: target + position)
        pair.second.store(at: target + position + V.lanes)
        position += 2 * V.lanes
    }
    // The rest. If it must not reach beyond the row, its last vector overlaps the previous one,
    // from an even position on.
    let last = mayOverrun ? count : (count - V.lanes) & ~1
    while position < count - 1 {
        let start = min(position, last)
        let pair = V.zip(even: V(at: even + start / 2), odd: V(at: odd + start / 2))
        pair.first.store(at: target + start)
        position = start + V.lanes
    }
    if position < count { target[position] = even[position / 2] }
}
