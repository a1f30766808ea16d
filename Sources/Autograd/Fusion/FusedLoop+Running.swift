import KernelInterface

// The loop itself: block after block, on the threads.

extension FusedLoop {
    /// Computes the results.
    mutating func run() {
        awaitOthers()
        let block = blockElements()
        let loop = self
        inParallel(count, grain: block * Self.blocksPerTask) { range in
            loop.run(range, block, piece: nil)
        }
    }

    /// Computes the results and passes the root on, `grain` elements at a time, on several threads.
    mutating func run(
        grain: Int, _ body: (_ range: Range<Int>, _ piece: UnsafeRawPointer) -> Void
    ) {
        awaitOthers()
        let loop = self
        let size = visited.map { places[$0].dataType.size } ?? 0
        inParallel(count, grain: grain) { range in
            let piece = Storage(.uint8, count: range.count * size)
            loop.run(range, Self.blockElements, piece: piece.pointer)
            body(range, piece.pointer)
        }
    }

    private mutating func awaitOthers() {
        for (index, place) in places.enumerated() {
            if case .awaited(let expression) = place.source {
                places[index].source = .memory(expression.evaluate())
            }
        }
    }

    /// Publishes the results. Needs the lock.
    func publish() {
        for result in results {
            if case .memory(let storage) = places[result.place].source {
                result.expression.finish(storage)
            }
        }
    }

    /// A multiple of the length after which a repeated operand starts again, if one fits.
    private func blockElements() -> Int {
        for place in places {
            if case .walked(_, let access, _) = place.source, access.cycle <= Self.blockElements {
                return Self.blockElements / access.cycle * access.cycle
            }
        }
        return Self.blockElements
    }

    private func run(_ range: Range<Int>, _ block: Int, piece: UnsafeMutableRawPointer?) {
        let scratchBytes = Self.blockElements * 8
        let memory = Storage(.uint8, count: scratches * scratchBytes)
        let scratch = memory.pointer
        withUnsafeTemporaryAllocation(of: UnsafeMutableRawPointer.self, capacity: places.count) {
            pointers in
            for start in stride(from: range.lowerBound, to: range.upperBound, by: block) {
                let count = min(block, range.upperBound - start)
                for (index, place) in places.enumerated() {
                    let size = place.dataType.size
                    switch place.source {
                    case .memory(let storage):
                        pointers.initializeElement(
                            at: index, to: storage.pointer + start * size * place.stride)
                    case .scratch(let number):
                        pointers.initializeElement(at: index, to: scratch + number * scratchBytes)
                    case .walked(let storage, let access, let number):
                        let target = scratch + number * scratchBytes
                        pointers.initializeElement(at: index, to: target)
                        if start == range.lowerBound || block % access.cycle != 0 {
                            access.copy(
                                storage.pointer, size, from: start, count: count, to: target)
                        }
                    case .piece:
                        guard let piece else { fatalError("a fused loop without its piece") }
                        pointers.initializeElement(
                            at: index, to: piece + (start - range.lowerBound) * size)
                    case .awaited: fatalError("an operand of a fused loop is not there")
                    }
                }
                for step in steps { compute(step, pointers, count) }
            }
        }
        withExtendedLifetime(memory) {}
    }

    private func compute(
        _ step: Step, _ pointers: UnsafeMutableBufferPointer<UnsafeMutableRawPointer>,
        _ count: Int
    ) {
        let (first, second, third) = step.operands
        let (a, b, c) = (pointers[first], pointers[second], pointers[third])
        let output = pointers[step.output]
        let type = places[first].dataType
        switch step.function {
        case .unary(let function):
            kernels.unary(function, type, a, output, count)
        case .binary(let function):
            kernels.binary(
                function, type, a, places[first].stride, b, places[second].stride, output, count)
        case .compare(let comparison):
            kernels.compare(
                comparison, type, a, places[first].stride, b, places[second].stride,
                output.assumingMemoryBound(to: UInt8.self), count)
        case .select:
            kernels.select(
                step.dataType.size, a.assumingMemoryBound(to: UInt8.self), places[first].stride,
                b, places[second].stride, c, places[third].stride, output, count)
        case .convert:
            kernels.convert(type, step.dataType, a, output, count)
        case .broadcast:
            kernels.copy(type.size, a, places[first].stride, output, count)
        }
    }
}
