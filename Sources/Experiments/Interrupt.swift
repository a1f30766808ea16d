import Autograd
import FileSupport
import Foundation
import Synchronization

/// Handles SIGINT (Ctrl-C) and SIGTERM. While an instance exists (or until its ``end()``), the
/// signal is only recorded, and long work polls it. A second signal, or any at other times, ends
/// the process at once, with a message and without leaving unfinished files.
final class Interrupt {
    /// The signal received; 0 if none.
    private static let received = Atomic<Int32>(0)
    /// The number of instances that poll for a signal.
    private static let listeners = Atomic<Int>(0)
    private static let signals = [SIGINT, SIGTERM]

    private var isListening = true

    /// Installs the signal handlers. To be called once, before any work.
    static func prepare() {
        for number in signals {
            Foundation.signal(number, SIG_IGN)
            let source = DispatchSource.makeSignalSource(signal: number, queue: .global())
            // The handler captures the source, which therefore lives as long as the process.
            source.setEventHandler {
                let isFirst = received.exchange(number, ordering: .relaxed) == 0
                // A burst of equal signals is reported by one event, whose data is their number.
                if isFirst, source.data == 1, listeners.load(ordering: .relaxed) > 0 { return }
                if isFirst { Terminal.write("tapestry: interrupted\n") }
                AtomicFile.exitAbandoning(status: 128 + number)
            }
            source.resume()
        }
    }

    init() { Self.listeners.add(1, ordering: .relaxed) }

    deinit { end() }

    /// The signal received; nil if none.
    var signal: Int32? {
        let number = Self.received.load(ordering: .relaxed)
        return number == 0 ? nil : number
    }

    /// From now on a signal ends the process at once, unless other work polls for it.
    func end() {
        if isListening { Self.listeners.subtract(1, ordering: .relaxed) }
        isListening = false
    }
}

/// Thrown when a signal has stopped the work in an orderly way.
struct Interruption: Error, CustomStringConvertible {
    let signal: Int32
    /// Where the work stopped and how to resume it.
    let description: String
}
