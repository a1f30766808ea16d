/// Reads bits from bytes, least significant first. Past the end it reads zeros and sets
/// `isOverrun`.
struct BitReader {
    private let base: UnsafePointer<UInt8>?
    private let count: Int
    /// The byte to load next.
    private var position: Int
    /// The next bits. There may be more above `available`, which do not count yet.
    private(set) var bits: UInt64 = 0
    private var available: UInt64 = 0
    /// How many of the available bits are zeros from past the end.
    private var invented: UInt64 = 0

    /// The bytes must outlive the reader.
    init(_ bytes: UnsafeBufferPointer<UInt8>, from position: Int) {
        base = bytes.baseAddress
        count = bytes.count
        self.position = position
    }

    /// Whether bits past the end were taken.
    var isOverrun: Bool { invented > available }

    /// Position of the first byte of which nothing was taken, if not overrun.
    var bytePosition: Int { position - Int((available - invented) / 8) }

    /// Makes at least 48 bits available: the longest code for a length with its extra bits, and the
    /// longest for a distance with its extra bits.
    @inline(__always)
    mutating func refill() {
        if available >= 48 { return }
        if count &- position >= 8 {
            // Sound: the eight bytes exist by the line above.
            let word = UnsafeRawPointer(base! + position).loadUnaligned(as: UInt64.self)
            bits |= UInt64(littleEndian: word) &<< available
            position &+= Int(bitPattern: UInt((63 &- available) &>> 3))
            available |= 56
        } else {
            refillAtEnd()
        }
    }

    private mutating func refillAtEnd() {
        while available <= 56 {
            if position < count {
                // Sound: if there is a byte, there is memory.
                bits |= UInt64(base![position]) << available
                position += 1
            } else {
                invented += 8
            }
            available += 8
        }
    }

    @inline(__always)
    mutating func drop(_ count: UInt32) {
        bits &>>= UInt64(count)
        available &-= UInt64(count)
    }

    /// The next `count` bits, at most 16, as a number.
    @inline(__always)
    mutating func take(_ count: Int) -> Int {
        let value = bits & ((1 &<< UInt64(count)) &- 1)
        drop(UInt32(count))
        return Int(value)
    }

    /// The entry's value plus the value of its extra bits.
    @inline(__always)
    mutating func value(of entry: UInt32) -> Int {
        let extraBits = entry &>> 8 & 15
        let extra = bits & ((1 &<< UInt64(extraBits)) &- 1)
        drop(extraBits)
        return Int(bitPattern: UInt(entry &>> 16)) &+ Int(bitPattern: UInt(extra))
    }

    /// The entry of the second table that the link leads to.
    @inline(__always)
    mutating func follow(_ link: UInt32, _ table: UnsafePointer<UInt32>) -> UInt32 {
        drop(link & 0xFF)
        let index = bits & ((1 &<< UInt64(link &>> 8 & 15)) &- 1)
        return table[Int(bitPattern: UInt(UInt64(link &>> 16) &+ index))]
    }

    /// Drops the rest of a byte that was taken in part, and everything loaded beyond it.
    mutating func alignToByte() {
        position = bytePosition
        (bits, available, invented) = (0, 0, 0)
    }

    /// The next bytes, or nil if there are not enough. Call `alignToByte` first.
    mutating func takeBytes(_ length: Int) -> UnsafeBufferPointer<UInt8>? {
        alignToByte()
        guard count - position >= length else { return nil }
        defer { position += length }
        return UnsafeBufferPointer(start: base.map { $0 + position }, count: length)
    }
}
