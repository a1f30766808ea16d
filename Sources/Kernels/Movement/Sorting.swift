import KernelInterface

extension Kernels {
    public static func sortIndices(
        _ type: DataType, _ descending: Bool, _ input: UnsafeRawPointer, _ count: Int,
        _ output: UnsafeMutablePointer<Int32>, _ workspace: UnsafeMutablePointer<Int32>
    ) {
        switch (type, descending) {
        case (.float32, false): sort(Float.self, input, count, output, workspace, by: <)
        case (.float32, true): sort(Float.self, input, count, output, workspace, by: >)
        case (.float64, false): sort(Double.self, input, count, output, workspace, by: <)
        case (.float64, true): sort(Double.self, input, count, output, workspace, by: >)
        case (_, false): sort(Int32.self, input, count, output, workspace, by: <)
        case (_, true): sort(Int32.self, input, count, output, workspace, by: >)
        }
    }
}

/// Merges ever longer runs, the shortest sorted by insertion; both keep equals in order.
@inline(__always)
private func sort<Key: Comparable>(
    _: Key.Type, _ input: UnsafeRawPointer, _ count: Int,
    _ output: UnsafeMutablePointer<Int32>, _ workspace: UnsafeMutablePointer<Int32>,
    by isOrdered: (Key, Key) -> Bool
) {
    let keys = input.assumingMemoryBound(to: Key.self)

    /// What is not equal to itself is not a number, and comes last.
    @inline(__always)
    func precedes(_ first: Int32, _ second: Int32) -> Bool {
        let (a, b) = (keys[Int(first)], keys[Int(second)])
        return isOrdered(a, b) || (b != b && a == a)
    }

    var length = 16
    for start in stride(from: 0, to: count, by: length) {
        for position in start..<min(count, start + length) {
            let index = Int32(position)
            var place = position
            while place > start, precedes(index, output[place - 1]) {
                output[place] = output[place - 1]
                place -= 1
            }
            output[place] = index
        }
    }
    var (source, target) = (output, workspace)
    while length < count {
        for start in stride(from: 0, to: count, by: 2 * length) {
            let middle = min(count, start + length)
            let end = min(count, middle + length)
            var (left, right) = (start, middle)
            for place in start..<end {
                let takesRight =
                    left == middle || (right < end && precedes(source[right], source[left]))
                target[place] = source[takesRight ? right : left]
                if takesRight { right += 1 } else { left += 1 }
            }
        }
        swap(&source, &target)
        length *= 2
    }
    if source != output { output.update(from: source, count: count) }
}
