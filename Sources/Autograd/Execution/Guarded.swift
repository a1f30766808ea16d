import Foundation

/// A value that one thread at a time reads or writes.
///
/// `Mutex` would serve, were it known to the thread sanitizer, which takes all that it guards for
/// races.
///
/// Sound to share: the value is reached under the lock only.
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
