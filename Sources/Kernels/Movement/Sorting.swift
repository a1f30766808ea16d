import KernelInterface

extension Kernels {
    public static func sortIndices(
        _ type: DataType, _ descending: Bool, _ input: UnsafeRawPointer, _ count: Int,
        _ wanted: Int,
        _ output: UnsafeMutablePointer<Int32>, _ workspace: UnsafeMutableRawPointer
    ) {
        switch type {
        case .float32: sort(Float.self, descending, input, count, wanted, output, workspace)
        case .float64: sort(Double.self, descending, input, count, wanted, output, workspace)
        default: sort(Int32.self, descending, input, count, wanted, output, workspace)
        }
    }

    public static func sortWorkspace(_ type: DataType, _ count: Int) -> Int {
        2 * count * (type.size + MemoryLayout<Int32>.size)
    }
}

/// Elements that are sorted by unsigned integers.
private protocol SortableElement: Comparable {
    associatedtype Key: FixedWidthInteger & UnsignedInteger
    /// An integer that is less where the element is: greatest of all where it is not a number.
    var key: Key { get }
}

extension Float: SortableElement {
    @inline(__always) var key: UInt32 {
        let sign: UInt32 = 1 << 31
        guard self == self else { return ~0 }
        // Both zeros are equal.
        let bits = self == 0 ? 0 : bitPattern
        return bits & sign == 0 ? bits | sign : ~bits
    }
}

extension Double: SortableElement {
    @inline(__always) var key: UInt64 {
        let sign: UInt64 = 1 << 63
        guard self == self else { return ~0 }
        let bits = self == 0 ? 0 : bitPattern
        return bits & sign == 0 ? bits | sign : ~bits
    }
}

extension Int32: SortableElement {
    @inline(__always) var key: UInt32 { UInt32(bitPattern: self) ^ (1 << 31) }
}

@inline(__always)
private func sort<Element: SortableElement>(
    _: Element.Type, _ descending: Bool, _ input: UnsafeRawPointer, _ count: Int, _ wanted: Int,
    _ output: UnsafeMutablePointer<Int32>, _ workspace: UnsafeMutableRawPointer
) {
    let elements = input.assumingMemoryBound(to: Element.self)
    if wanted <= 64 {
        if descending {
            insert(elements, count, keeping: wanted, into: output) { $0 > $1 }
        } else {
            insert(elements, count, keeping: wanted, into: output) { $0 < $1 }
        }
    } else {
        let sorted = radixSort(elements, descending, count, workspace)
        output.update(from: sorted, count: wanted)
    }
}

/// Insertion sort of positions, stable; those beyond the first `most` are dropped.
@inline(__always)
private func insert<Element: Comparable>(
    _ elements: UnsafePointer<Element>, _ count: Int, keeping most: Int,
    into target: UnsafeMutablePointer<Int32>, by isOrdered: (Element, Element) -> Bool
) {
    /// NaN is not equal to itself, and comes last.
    @inline(__always)
    func precedes(_ first: Int32, _ second: Int32) -> Bool {
        let (a, b) = (elements[Int(first)], elements[Int(second)])
        return isOrdered(a, b) || (b != b && a == a)
    }
    guard most > 0 else { return }
    var filled = 0
    for position in 0..<count {
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

/// Sorts the positions `0..<count` stably by one byte of their elements' keys after another, the
/// least significant first. Returns where in the workspace the result is.
@inline(__always)
private func radixSort<Element: SortableElement>(
    _ elements: UnsafePointer<Element>, _ descending: Bool, _ count: Int,
    _ workspace: UnsafeMutableRawPointer
) -> UnsafeMutablePointer<Int32> {
    typealias Key = Element.Key
    @inline(__always) func digit(_ key: Key, _ byte: Int) -> Int {
        Int(truncatingIfNeeded: key &>> Key(truncatingIfNeeded: 8 * byte)) & 255
    }
    let bytes = MemoryLayout<Key>.size
    let keys = workspace.assumingMemoryBound(to: Key.self)
    let positions = (workspace + 2 * count * bytes).assumingMemoryBound(to: Int32.self)
    var source = (keys: keys, positions: positions)
    var target = (keys: keys + count, positions: positions + count)

    withUnsafeTemporaryAllocation(of: Int32.self, capacity: bytes << 8) { counts in
        let counts = counts.baseAddress!
        counts.initialize(repeating: 0, count: bytes << 8)
        for index in 0..<count {
            let element = elements[index]
            var key = element.key
            // Not-a-number stays last.
            if descending, element == element { key = ~key }
            (source.keys[index], source.positions[index]) = (key, Int32(index))
            for byte in 0..<bytes {
                counts[byte << 8 + digit(key, byte)] += 1
            }
        }
        for byte in 0..<bytes {
            let counts = counts + byte << 8
            // Nothing moves if this byte of all keys is the same.
            if counts[digit(source.keys[0], byte)] == count { continue }
            var place: Int32 = 0
            for value in 0..<256 {
                let number = counts[value]
                counts[value] = place
                place += number
            }
            for index in 0..<count {
                let key = source.keys[index]
                let value = digit(key, byte)
                let place = Int(counts[value])
                counts[value] += 1
                target.keys[place] = key
                target.positions[place] = source.positions[index]
            }
            swap(&source, &target)
        }
    }
    return source.positions
}
