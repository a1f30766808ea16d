import KernelInterface

extension Kernels {
    public static func sortIndices(
        _ type: DataType, _ descending: Bool, _ input: UnsafeRawPointer, _ count: Int,
        _ wanted: Int,
        _ output: UnsafeMutablePointer<Int32>, _ workspace: UnsafeMutablePointer<Int32>
    ) {
        switch (type, descending) {
        case (.float32, false): sort(Float.self, input, count, wanted, output, workspace, by: <)
        case (.float32, true): sort(Float.self, input, count, wanted, output, workspace, by: >)
        case (.float64, false): sort(Double.self, input, count, wanted, output, workspace, by: <)
        case (.float64, true): sort(Double.self, input, count, wanted, output, workspace, by: >)
        case (_, false): sort(Int32.self, input, count, wanted, output, workspace, by: <)
        case (_, true): sort(Int32.self, input, count, wanted, output, workspace, by: >)
        }
    }
}

@inline(__always)
private func sort<Key: Comparable>(
    _: Key.Type, _ input: UnsafeRawPointer, _ count: Int, _ wanted: Int,
    _ output: UnsafeMutablePointer<Int32>, _ workspace: UnsafeMutablePointer<Int32>,
    by isOrdered: (Key, Key) -> Bool
) {
    let keys = input.assumingMemoryBound(to: Key.self)

    /// NaN is not equal to itself, and comes last.
    @inline(__always)
    func precedes(_ first: Int32, _ second: Int32) -> Bool {
        let (a, b) = (keys[Int(first)], keys[Int(second)])
        return isOrdered(a, b) || (b != b && a == a)
    }

    if wanted <= 64 {
        insert(0..<count, keeping: wanted, into: output, by: precedes)
    } else {
        let sorted = mergeSort(count, workspace, workspace + count, by: precedes)
        output.update(from: sorted, count: wanted)
    }
}

/// Insertion sort of positions, stable; those beyond the first `most` are dropped.
@inline(__always)
private func insert(
    _ positions: Range<Int>, keeping most: Int, into target: UnsafeMutablePointer<Int32>,
    by precedes: (Int32, Int32) -> Bool
) {
    guard most > 0 else { return }
    var filled = 0
    for position in positions {
        let index = Int32(position)
        if filled == most {
            guard precedes(index, target[most - 1]) else { continue }
        } else {
            filled += 1
        }
        var place = filled - 1
        while place > 0, precedes(index, target[place - 1]) {
            target[place] = target[place - 1]
            place -= 1
        }
        target[place] = index
    }
}

/// Stable merge sort of the positions `0..<count`, which returns whichever of the two buffers holds
/// the result.
@inline(__always)
private func mergeSort(
    _ count: Int, _ first: UnsafeMutablePointer<Int32>, _ second: UnsafeMutablePointer<Int32>,
    by precedes: (Int32, Int32) -> Bool
) -> UnsafeMutablePointer<Int32> {
    var length = 16
    for start in stride(from: 0, to: count, by: length) {
        let end = min(count, start + length)
        insert(start..<end, keeping: length, into: first + start, by: precedes)
    }
    var (source, target) = (first, second)
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
    return source
}
