/// The different texts among many, numbered in the order in which they occur first. Texts are the
/// same if they are as strings: by canonical equivalence.
struct DistinctTexts {
    /// Those whose bytes are different.
    private var texts = PackedTexts()
    /// The number of each, which equivalent texts share.
    private var numbers: [UInt32] = []
    /// A table of hashes: positions in `texts` from 1, or 0 where there is none.
    private var slots = [UInt32](repeating: 0, count: 64)
    /// The first text of each number.
    private var firsts: [UInt32] = []
    /// Whether all texts are in ASCII.
    private var isASCII = true
    /// The numbers by string; nil as long as it is not needed.
    private var strings: [String: Int]?

    /// Unknown outside, so that no file can be made whose texts all have the same hash.
    private static let seed = UInt64.random(in: 0 ... .max)

    init() {}

    /// - Parameter texts: all different; each has its position as its number.
    init(_ texts: [String]) {
        strings = [:]
        for text in texts { insert(Array(text.utf8).span) }
    }

    /// How many different texts there are.
    var count: Int { firsts.count }

    /// The text of each number.
    var values: [String] { firsts.map { texts[Int($0)] } }

    /// The number of a text, and whether it is a new one.
    @discardableResult
    mutating func insert(_ text: Span<UInt8>) -> (number: Int, isNew: Bool) {
        let slot = slot(of: text)
        if slots[slot] > 0 { return (Int(numbers[Int(slots[slot] - 1)]), false) }
        var number = count
        isASCII = isASCII && text.isASCII
        if strings != nil || !isASCII {
            var known = strings ?? [:]
            strings = nil
            if known.isEmpty {
                for (number, value) in values.enumerated() { known[value] = number }
            }
            number = known[String(text), default: number]
            known[String(text)] = number
            strings = known
        }
        let isNew = number == count
        if isNew { firsts.append(UInt32(texts.count)) }
        texts.append(text)
        numbers.append(UInt32(number))
        slots[slot] = UInt32(texts.count)
        if 2 * texts.count > slots.count { slots = slots(4 * slots.count) }
        return (number, isNew)
    }

    /// The number of a text; nil if it is not among those that this was made of.
    func number(of text: Span<UInt8>) -> Int? {
        let index = slots[slot(of: text)]
        if index > 0 { return Int(numbers[Int(index - 1)]) }
        return isASCII && text.isASCII ? nil : strings?[String(text)]
    }

    /// Where a text is in the table of hashes, or the empty place where it would be.
    private func slot(of text: Span<UInt8>) -> Int {
        let bytes = texts.bytes.span
        var slot = Self.hash(text) & (slots.count - 1)
        while slots[slot] > 0 {
            let range = texts.range(of: Int(slots[slot] - 1))
            if range.count == text.count, bytes.extracting(range).isEqual(to: text) { break }
            slot = (slot + 1) & (slots.count - 1)
        }
        return slot
    }

    /// A table of hashes of the given size, a power of two.
    private func slots(_ count: Int) -> [UInt32] {
        var slots = [UInt32](repeating: 0, count: count)
        let bytes = texts.bytes.span
        for index in 0..<texts.count {
            var slot = Self.hash(bytes.extracting(texts.range(of: index))) & (slots.count - 1)
            while slots[slot] > 0 { slot = (slot + 1) & (slots.count - 1) }
            slots[slot] = UInt32(index + 1)
        }
        return slots
    }

    @inline(__always) private static func hash(_ text: Span<UInt8>) -> Int {
        var state = seed ^ UInt64(text.count)
        var start = 0
        while text.count - start > 8 {
            state = mixed(state ^ text.extracting(start..<start + 8).word)
            start += 8
        }
        if start < text.count { state ^= text.extracting(start..<text.count).word }
        return Int(truncatingIfNeeded: mixed(state))
    }

    /// The product's two halves together: every bit depends on all.
    @inline(__always) private static func mixed(_ word: UInt64) -> UInt64 {
        let product = word.multipliedFullWidth(by: 0x9E37_79B9_7F4A_7C15)
        return product.high ^ product.low
    }
}
