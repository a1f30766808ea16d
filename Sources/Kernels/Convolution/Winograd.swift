import KernelInterface

extension Kernels {
    public static func winogradImages(
        _ type: DataType, _ reach: Int, _ channels: Int, _ tiles: Int,
        _ input: UnsafeRawPointer, _ inputStride: Int, _ rows: UnsafePointer<Int>,
        _ output: UnsafeMutableRawPointer, _ outputStride: Int, _ pointStride: Int
    ) {
        @inline(__always)
        func transform<V: Vector & Cell>(_: V.Type) where V.Number == V.Element {
            for channel in 0..<channels {
                let input = input.assumingMemoryBound(to: V.Element.self) + channel * inputStride
                let output =
                    output.assumingMemoryBound(to: V.Element.self) + channel * outputStride
                for tile in stride(from: 0, to: tiles, by: V.lanes) {
                    let source = input + 2 * tile
                    let target = output + tile
                    // First down the columns, while even and odd ones are still together.
                    if reach == 2 {
                        let image: Three<Four<V>> = Three(
                            columns(source + rows[0]), columns(source + rows[1]),
                            columns(source + rows[2]))
                        WinogradTwo.image(image)
                            .map { (row: Four<V>) in
                                let (a, b) = V.unzip(row.a, row.b)
                                let (c, _) = V.unzip(row.c, row.d)
                                return WinogradTwo.image(Three(a, b, c))
                            }
                            .store(at: target, stride: pointStride)
                    } else {
                        let image: Four<Four<V>> = Four(
                            columns(source + rows[0]), columns(source + rows[1]),
                            columns(source + rows[2]), columns(source + rows[3]))
                        WinogradThree.image(image)
                            .map { (row: Four<V>) in
                                let (a, b) = V.unzip(row.a, row.b)
                                let (c, d) = V.unzip(row.c, row.d)
                                return WinogradThree.image(Four(a, b, c, d))
                            }
                            .store(at: target, stride: pointStride)
                    }
                }
            }
        }
        if type == .float32 { transform(FloatVector.self) } else { transform(DoubleVector.self) }
    }

    public static func winogradCotangents(
        _ type: DataType, _ reach: Int, _ channels: Int, _ tiles: Int,
        _ upper: UnsafeRawPointer, _ lower: UnsafeRawPointer,
        _ output: UnsafeMutableRawPointer, _ pointStride: Int
    ) {
        @inline(__always)
        func transform<V: Vector & Cell>(_: V.Type) where V.Number == V.Element {
            let upper = upper.assumingMemoryBound(to: V.Element.self)
            let lower = lower.assumingMemoryBound(to: V.Element.self)
            let output = output.assumingMemoryBound(to: V.Element.self)
            for tile in 0..<tiles {
                for channel in stride(from: 0, to: channels, by: V.lanes) {
                    let source = 2 * tile * channels + channel
                    let target = output + tile * channels + channel
                    let cotangents = Two(
                        Two(V(at: upper + source), V(at: upper + source + channels)),
                        Two(V(at: lower + source), V(at: lower + source + channels)))
                    if reach == 2 {
                        WinogradTwo.cotangent(cotangents.map(WinogradTwo.cotangent))
                            .store(at: target, stride: pointStride)
                    } else {
                        WinogradThree.cotangent(cotangents.map(WinogradThree.cotangent))
                            .store(at: target, stride: pointStride)
                    }
                }
            }
        }
        if type == .float32 { transform(FloatVector.self) } else { transform(DoubleVector.self) }
    }

    public static func winogradOutputs(
        _ type: DataType, _ reach: Int, _ channels: Int, _ tiles: Int,
        _ input: UnsafeRawPointer, _ inputStride: Int, _ pointStride: Int,
        _ output: UnsafeMutableRawPointer, _ outputStride: Int, _ phaseStride: Int
    ) -> Bool {
        @inline(__always)
        func transform<V: Vector & Cell>(_: V.Type) -> Bool where V.Number == V.Element {
            // Zero, or NaN if an output is not finite.
            var zeros = V(repeating: 0)
            for channel in 0..<channels {
                let input = input.assumingMemoryBound(to: V.Element.self) + channel * inputStride
                let output =
                    output.assumingMemoryBound(to: V.Element.self) + channel * outputStride
                for tile in stride(from: 0, to: tiles, by: V.lanes) {
                    let outputs: Two<Two<V>>
                    if reach == 2 {
                        let products = Three<Three<V>>(at: input + tile, stride: pointStride)
                        outputs = WinogradTwo.output(products.map(WinogradTwo.output))
                    } else {
                        let products = Four<Four<V>>(at: input + tile, stride: pointStride)
                        outputs = WinogradThree.output(products.map(WinogradThree.output))
                    }
                    store(outputs.a, at: output + 2 * tile)
                    store(outputs.b, at: output + 2 * tile + phaseStride)
                    let zero = V(repeating: 0)
                    zeros = zeros.adding(product: outputs.a.a, zero)
                    zeros = zeros.adding(product: outputs.a.b, zero)
                    zeros = zeros.adding(product: outputs.b.a, zero)
                    zeros = zeros.adding(product: outputs.b.b, zero)
                }
            }
            return !V.any(zeros.isNaN)
        }
        return type == .float32 ? transform(FloatVector.self) : transform(DoubleVector.self)
    }

    public static func winogradFilters(
        _ type: DataType, _ reach: Int, _ filters: Int, _ depth: Int,
        _ filter: UnsafeRawPointer, _ rowStride: Int, _ places: UnsafePointer<Int>,
        _ output: UnsafeMutableRawPointer, _ pointStride: Int
    ) {
        let points = (reach + 1) * (reach + 1)
        // One lane per filter; each is then stored to its row of a panel.
        @inline(__always)
        func transform<V: Vector & Cell>(_: V.Type) where V.Number == V.Element {
            let rows = CorrelationTile<RunOfOne<V>>.rows
            let padded = (filters + rows - 1) / rows * rows
            let run = min(rows, V.lanes)
            let filter = filter.assumingMemoryBound(to: V.Element.self)
            let output = output.assumingMemoryBound(to: V.Element.self)
            withUnsafeTemporaryAllocation(of: V.Element.self, capacity: 16 * V.lanes) { memory in
                let memory = memory.baseAddress!
                for first in stride(from: 0, to: filters, by: V.lanes) {
                    for index in 0..<depth {
                        @inline(__always)
                        func tap(_ place: Int) -> V {
                            let source = filter + places[index * reach * reach + place]
                            var tap = V(repeating: 0)
                            for lane in 0..<V.lanes {
                                tap[lane] = source[min(first + lane, filters - 1) * rowStride]
                            }
                            return tap
                        }
                        if reach == 2 {
                            let taps = Two(Two(tap(0), tap(1)), Two(tap(2), tap(3)))
                            WinogradTwo.filter(taps.map { WinogradTwo.filter($0) })
                                .store(at: memory, stride: V.lanes)
                        } else {
                            let taps = Three(
                                Three(tap(0), tap(1), tap(2)), Three(tap(3), tap(4), tap(5)),
                                Three(tap(6), tap(7), tap(8)))
                            WinogradThree.filter(taps.map { WinogradThree.filter($0) })
                                .store(at: memory, stride: V.lanes)
                        }
                        for row in stride(
                            from: first, to: min(first + V.lanes, padded), by: run)
                        {
                            let target =
                                output + row / rows * rows * depth + index * rows + row % rows
                            for point in 0..<points {
                                let source = memory + point * V.lanes + row - first
                                for lane in 0..<run {
                                    target[point * pointStride + lane] = source[lane]
                                }
                            }
                        }
                    }
                }
            }
        }
        if type == .float32 { transform(FloatVector.self) } else { transform(DoubleVector.self) }
    }

    public static func winogradFilterGradients(
        _ type: DataType, _ reach: Int, _ filters: Int, _ depth: Int,
        _ input: UnsafeRawPointer, _ inputStride: Int, _ pointStride: Int,
        _ filter: UnsafeMutableRawPointer, _ rowStride: Int, _ places: UnsafePointer<Int>
    ) {
        let taps = reach * reach
        // One lane per filter; its taps are then stored one by one.
        @inline(__always)
        func transform<V: Vector & Cell>(_: V.Type) where V.Number == V.Element {
            let input = input.assumingMemoryBound(to: V.Element.self)
            let filter = filter.assumingMemoryBound(to: V.Element.self)
            withUnsafeTemporaryAllocation(of: V.Element.self, capacity: 9 * V.lanes) { memory in
                let memory = memory.baseAddress!
                for index in 0..<depth {
                    let places = places + index * taps
                    for row in stride(from: 0, to: filters, by: V.lanes) {
                        let source = input + index * inputStride + row
                        if reach == 2 {
                            let products = Three<Three<V>>(at: source, stride: pointStride)
                            let taps = WinogradTwo.filterGradient(
                                products.map(WinogradTwo.filterGradient))
                            taps.a.a.store(at: memory)
                            taps.a.b.store(at: memory + V.lanes)
                            taps.b.a.store(at: memory + 2 * V.lanes)
                            taps.b.b.store(at: memory + 3 * V.lanes)
                        } else {
                            let products = Four<Four<V>>(at: source, stride: pointStride)
                            WinogradThree
                                .filterGradient(products.map(WinogradThree.filterGradient))
                                .store(at: memory, stride: V.lanes)
                        }
                        for lane in 0..<min(V.lanes, filters - row) {
                            let target = filter + (row + lane) * rowStride
                            for tap in 0..<taps {
                                target[places[tap]] = memory[tap * V.lanes + lane]
                            }
                        }
                    }
                }
            }
        }
        if type == .float32 { transform(FloatVector.self) } else { transform(DoubleVector.self) }
    }
}

/// The columns of a row of tiles, each two columns from the next: two vectors of first and second
/// columns, two of third and fourth columns.
@inline(__always)
private func columns<V: Vector & Cell>(_ source: UnsafePointer<V.Element>) -> Four<V> {
    Four(
        V(at: source), V(at: source + V.lanes), V(at: source + 2), V(at: source + 2 + V.lanes))
}

/// The inverse for the outputs of a row of tiles.
@inline(__always)
private func store<V: Vector & Cell>(_ pair: Two<V>, at target: UnsafeMutablePointer<V.Element>) {
    let (first, second) = V.zip(even: pair.a, odd: pair.b)
    first.store(at: target)
    second.store(at: target + V.lanes)
}
