import KernelInterface

extension Kernels {
    public static func transpose(
        _ type: DataType, _ rows: Int, _ columns: Int,
        _ input: UnsafeRawPointer, _ inputStride: Int,
        _ output: UnsafeMutableRawPointer, _ outputStride: Int
    ) {
        @inline(__always)
        func transpose<V: Vector>(_: V.Type) {
            let input = input.assumingMemoryBound(to: V.Element.self)
            let output = output.assumingMemoryBound(to: V.Element.self)
            withUnsafeTemporaryAllocation(of: V.self, capacity: 2 * V.lanes) { memory in
                let memory = memory.baseAddress!
                for column in stride(from: 0, to: columns, by: V.lanes) {
                    for row in stride(from: 0, to: rows, by: V.lanes) {
                        transposeBlock(
                            input + row * inputStride + column, inputStride,
                            rows: min(V.lanes, rows - row),
                            output + column * outputStride + row, outputStride,
                            memory, memory + V.lanes)
                    }
                }
            }
        }
        if type == .float32 { transpose(FloatVector.self) } else { transpose(DoubleVector.self) }
    }

    /// A square block, by as many perfect shuffles of its rows as a lane index has bits: each moves
    /// one bit from the row index to the lane index.
    @inline(__always)
    private static func transposeBlock<V: Vector>(
        _ input: UnsafePointer<V.Element>, _ inputStride: Int, rows: Int,
        _ output: UnsafeMutablePointer<V.Element>, _ outputStride: Int,
        _ first: UnsafeMutablePointer<V>, _ second: UnsafeMutablePointer<V>
    ) {
        var (current, next) = (first, second)
        for row in 0..<V.lanes {
            current[row] = row < rows ? V(at: input + row * inputStride) : V(repeating: 0)
        }
        var remaining = V.lanes
        while remaining > 1 {
            for row in 0..<V.lanes / 2 {
                (next[2 * row], next[2 * row + 1]) =
                    V.zip(even: current[row], odd: current[row + V.lanes / 2])
            }
            swap(&current, &next)
            remaining /= 2
        }
        for row in 0..<V.lanes { current[row].store(at: output + row * outputStride) }
    }
}
