import Dispatch
import Foundation
import Synchronization

/// Ctrl-C, or the system's request to end, as something that long work asks about in between.
/// The second one ends the process at once.
final class Interrupt {
    /// The signal that came; 0 while none has.
    private static let received = Atomic<Int32>(0)
    private static let signals = [SIGINT, SIGTERM]

    private let sources: [any DispatchSourceSignal]

    /// Signals are noted from now on, until ``end()``.
    init() {
        sources = Self.signals.map { number in
            Foundation.signal(number, SIG_IGN)
            let source = DispatchSource.makeSignalSource(signal: number, queue: .global())
            source.setEventHandler {
                let isFirst = Self.received.exchange(number, ordering: .relaxed) == 0
                // A burst of equal signals is told of once, with its size.
                if !isFirst || source.data > 1 { _exit(128 + number) }
            }
            source.resume()
            return source
        }
    }

    /// The signal that came, if one has.
    var signal: Int32? {
        let number = Self.received.load(ordering: .relaxed)
        return number == 0 ? nil : number
    }

    /// From now on a signal ends the process, as it does by itself.
    func end() {
        for source in sources { source.cancel() }
        for number in Self.signals { Foundation.signal(number, SIG_DFL) }
    }
}

/// A signal ended the work, in good order.
struct Interruption: Error, CustomStringConvertible {
    let signal: Int32
    /// Where it stopped and how it goes on.
    let description: String
}
