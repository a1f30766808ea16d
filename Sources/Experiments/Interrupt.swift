import Autograd
import FileSupport
import Foundation
import Synchronization

/// Ctrl-C, or the system's request to end. While an object of this type lives (or until its
/// ``end()``) the signal is something that long work asks about in between; a second one, and any
/// at other times, ends the process at once, with a line and no unfinished file.
final class Interrupt {
    /// The signal that came; 0 while none has.
    private static let received = Atomic<Int32>(0)
    /// How much work asks for it.
    private static let listeners = Atomic<Int>(0)
    private static let signals = [SIGINT, SIGTERM]

    private var isListening = true

    /// To be called once, before anything is begun.
    static func prepare() {
        for number in signals {
            Foundation.signal(number, SIG_IGN)
            let source = DispatchSource.makeSignalSource(signal: number, queue: .global())
            // It refers to the source, which so lives as long as the process.
            source.setEventHandler {
                let isFirst = received.exchange(number, ordering: .relaxed) == 0
                // A burst of equal signals is told of once, with its size.
                if isFirst, source.data == 1, listeners.load(ordering: .relaxed) > 0 { return }
                if isFirst { Terminal.write("tapestry: interrupted\n") }
                AtomicFile.exitAbandoning(status: 128 + number)
            }
            source.resume()
        }
    }

    init() { Self.listeners.add(1, ordering: .relaxed) }

    deinit { end() }

    /// The signal that came, if one has.
    var signal: Int32? {
        let number = Self.received.load(ordering: .relaxed)
        return number == 0 ? nil : number
    }

    /// From now on a signal ends the process at once, unless other work asks for it.
    func end() {
        if isListening { Self.listeners.subtract(1, ordering: .relaxed) }
        isListening = false
    }
}

/// A signal ended the work, in good order.
struct Interruption: Error, CustomStringConvertible {
    let signal: Int32
    /// Where it stopped and how it goes on.
    let description: String
}
