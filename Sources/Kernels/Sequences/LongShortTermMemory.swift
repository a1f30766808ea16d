import KernelInterface

extension Kernels {
    public static func longShortTermMemory(
        _ type: DataType, _ sequences: RecurrentSequences, _ projections: UnsafeRawPointer,
        _ weights: UnsafeRawPointer, _ hidden: UnsafeRawPointer, _ cell: UnsafeRawPointer,
        _ outputs: UnsafeMutableRawPointer, _ cells: UnsafeMutableRawPointer,
        _ gates: UnsafeMutableRawPointer?, _ workspace: UnsafeMutableRawPointer
    ) {
        @inline(__always)
        func run<V: Vector>(_: V.Type) {
            typealias Element = V.Element
            Memory<V>.run(
                sequences, projections.assumingMemoryBound(to: Element.self),
                weights.assumingMemoryBound(to: Element.self),
                hidden.assumingMemoryBound(to: Element.self),
                cell.assumingMemoryBound(to: Element.self),
                outputs.assumingMemoryBound(to: Element.self),
                cells.assumingMemoryBound(to: Element.self),
                gates?.assumingMemoryBound(to: Element.self),
                workspace.assumingMemoryBound(to: Element.self))
        }
        if type == .float32 { run(FloatVector.self) } else { run(DoubleVector.self) }
    }

    public static func longShortTermMemoryPullback(
        _ type: DataType, _ sequences: RecurrentSequences, _ weights: UnsafeRawPointer,
        _ cell: UnsafeRawPointer, _ cells: UnsafeRawPointer, _ gates: UnsafeRawPointer,
        _ outputCotangents: UnsafeRawPointer?, _ gateCotangents: UnsafeMutableRawPointer,
        _ hiddenCotangent: UnsafeMutableRawPointer, _ cellCotangent: UnsafeMutableRawPointer,
        _ workspace: UnsafeMutableRawPointer
    ) {
        @inline(__always)
        func run<V: Vector>(_: V.Type) {
            typealias Element = V.Element
            Memory<V>.runPullback(
                sequences, weights.assumingMemoryBound(to: Element.self),
                cell.assumingMemoryBound(to: Element.self),
                cells.assumingMemoryBound(to: Element.self),
                gates.assumingMemoryBound(to: Element.self),
                outputCotangents?.assumingMemoryBound(to: Element.self),
                gateCotangents.assumingMemoryBound(to: Element.self),
                hiddenCotangent.assumingMemoryBound(to: Element.self),
                cellCotangent.assumingMemoryBound(to: Element.self),
                workspace.assumingMemoryBound(to: Element.self))
        }
        if type == .float32 { run(FloatVector.self) } else { run(DoubleVector.self) }
    }

    public static func recurrentWorkspace(
        _ type: DataType, _ sequences: RecurrentSequences
    ) -> Int {
        let elements =
            type == .float32
            ? Memory<FloatVector>.workspace(sequences) : Memory<DoubleVector>.workspace(sequences)
        return elements * type.size
    }
}

/// Long short-term memory, step by step for all sequences.
private enum Memory<V: Vector> {
    typealias Element = V.Element
    typealias Product = PanelProduct<V>

    /// Elements: the packed weights, and a row of sums for each sequence.
    static func workspace(_ sequences: RecurrentSequences) -> Int {
        let size = sequences.size
        let forward = size * Product.padded(4 * size) + sequences.count * Product.padded(4 * size)
        let backward = 4 * size * Product.padded(size) + sequences.count * Product.padded(size)
        return max(forward, backward)
    }

    static func run(
        _ sequences: RecurrentSequences, _ projections: UnsafePointer<Element>,
        _ weights: UnsafePointer<Element>, _ hidden: UnsafePointer<Element>,
        _ cell: UnsafePointer<Element>, _ outputs: UnsafeMutablePointer<Element>,
        _ cells: UnsafeMutablePointer<Element>, _ gates: UnsafeMutablePointer<Element>?,
        _ workspace: UnsafeMutablePointer<Element>
    ) {
        let (size, steps) = (sequences.size, sequences.steps)
        let (panels, sums) = (workspace, workspace + size * Product.padded(4 * size))
        Product.pack(
            weights, rows: size, columns: 4 * size, rowStride: 1, columnStride: size, into: panels)
        for step in 0..<steps {
            let isFirst = step == 0
            Product.multiply(
                isFirst ? hidden : UnsafePointer(outputs) + (step - 1) * size,
                rows: sequences.count, leftStride: isFirst ? size : steps * size, depth: size,
                panels, columns: 4 * size, into: sums)
            for sequence in 0..<sequences.count {
                let place = (sequence * steps + step) * size
                advance(
                    size,
                    projections + sequence * sequences.projectionStride
                        + step * sequences.projectionStep,
                    sums + sequence * Product.padded(4 * size),
                    isFirst ? cell + sequence * size : UnsafePointer(cells) + place - size,
                    cells + place, outputs + place, gates.map { $0 + 4 * place })
            }
        }
    }

    /// One step of one sequence, from the sums that make up its gates and the previous cell.
    @inline(never)
    private static func advance(
        _ size: Int, _ projection: UnsafePointer<Element>, _ sums: UnsafePointer<Element>,
        _ before: UnsafePointer<Element>, _ cell: UnsafeMutablePointer<Element>,
        _ output: UnsafeMutablePointer<Element>, _ gates: UnsafeMutablePointer<Element>?
    ) {
        @inline(__always)
        func sum(_ gate: Int, _ i: Int) -> V {
            let place = gate * size + i
            return V(at: projection + place, upTo: size - i) + V(at: sums + place, upTo: size - i)
        }
        var i = 0
        while i < size {
            let count = size - i
            let input = sum(0, i).sigmoid()
            let forget = sum(1, i).sigmoid()
            let content = sum(2, i).hyperbolicTangent()
            let exposure = sum(3, i).sigmoid()
            let memory = (forget * V(at: before + i, upTo: count))
                .adding(product: input, content)
            memory.store(at: cell + i, upTo: count)
            (exposure * memory.hyperbolicTangent()).store(at: output + i, upTo: count)
            if let gates {
                input.store(at: gates + i, upTo: count)
                forget.store(at: gates + size + i, upTo: count)
                content.store(at: gates + 2 * size + i, upTo: count)
                exposure.store(at: gates + 3 * size + i, upTo: count)
            }
            i += V.lanes
        }
    }

    static func runPullback(
        _ sequences: RecurrentSequences, _ weights: UnsafePointer<Element>,
        _ cell: UnsafePointer<Element>, _ cells: UnsafePointer<Element>,
        _ gates: UnsafePointer<Element>, _ outputCotangents: UnsafePointer<Element>?,
        _ gateCotangents: UnsafeMutablePointer<Element>,
        _ hiddenCotangent: UnsafeMutablePointer<Element>,
        _ cellCotangent: UnsafeMutablePointer<Element>, _ workspace: UnsafeMutablePointer<Element>
    ) {
        let (size, steps) = (sequences.size, sequences.steps)
        let (panels, carried) = (workspace, workspace + 4 * size * Product.padded(size))
        let stride = Product.padded(size)
        Product.pack(
            weights, rows: 4 * size, columns: size, rowStride: size, columnStride: 1, into: panels)
        carried.update(repeating: 0, count: sequences.count * stride)
        for step in (0..<steps).reversed() {
            for sequence in 0..<sequences.count {
                let place = (sequence * steps + step) * size
                retreat(
                    size, outputCotangents.map { $0 + place }, carried + sequence * stride,
                    gates + 4 * place, cells + place,
                    step == 0 ? cell + sequence * size : cells + place - size,
                    cellCotangent + sequence * size, gateCotangents + 4 * place)
            }
            Product.multiply(
                UnsafePointer(gateCotangents) + step * 4 * size, rows: sequences.count,
                leftStride: steps * 4 * size, depth: 4 * size, panels, columns: size,
                into: carried)
        }
        for sequence in 0..<sequences.count {
            (hiddenCotangent + sequence * size).update(
                from: carried + sequence * stride, count: size)
        }
    }

    /// One step of one sequence backwards: from the cotangents of its output and, in
    /// `cellCotangent`, of its cell, to those of its gates and of the previous cell.
    @inline(never)
    private static func retreat(
        _ size: Int, _ outputCotangent: UnsafePointer<Element>?, _ carried: UnsafePointer<Element>,
        _ gates: UnsafePointer<Element>, _ cell: UnsafePointer<Element>,
        _ before: UnsafePointer<Element>, _ cellCotangent: UnsafeMutablePointer<Element>,
        _ gateCotangents: UnsafeMutablePointer<Element>
    ) {
        let one = V(repeating: 1)
        var i = 0
        while i < size {
            let count = size - i
            let input = V(at: gates + i, upTo: count)
            let forget = V(at: gates + size + i, upTo: count)
            let content = V(at: gates + 2 * size + i, upTo: count)
            let output = V(at: gates + 3 * size + i, upTo: count)
            var hidden = V(at: carried + i, upTo: count)
            if let outputCotangent {
                hidden = hidden + V(at: outputCotangent + i, upTo: count)
            }
            let shown = V(at: cell + i, upTo: count).hyperbolicTangent()
            let memory = V(at: cellCotangent + i, upTo: count)
                .adding(product: hidden * output, one - shown * shown)
            (memory * content * input * (one - input)).store(at: gateCotangents + i, upTo: count)
            (memory * V(at: before + i, upTo: count) * forget * (one - forget))
                .store(at: gateCotangents + size + i, upTo: count)
            (memory * input * (one - content * content))
                .store(at: gateCotangents + 2 * size + i, upTo: count)
            (hidden * shown * output * (one - output))
                .store(at: gateCotangents + 3 * size + i, upTo: count)
            (memory * forget).store(at: cellCotangent + i, upTo: count)
            i += V.lanes
        }
    }
}
