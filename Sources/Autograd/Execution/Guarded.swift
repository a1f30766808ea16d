import Foundation

/// A value that only one thread at a time reads or writes.
///
/// `Mutex` would do, but the thread sanitizer does not know it and reports everything it guards as
/// a race.
///
/// Sound to share: the value is accessed under the lock only.
package final class Guarded<Value: Sendable>: @unchecked Sendable {
    private let lock = NSLock()
    private var value: Value

    package init(_ value: Value) { self.value = value }

    package func withLock<Result>(_ body: (inout Value) throws -> Result) rethrows -> Result {
        lock.lock()
        defer { lock.unlock() }
        return try body(&value)
    }
}
