import Autograd
import Foundation
import TestSupport
import Testing

/// Programmers' errors end the program with a message that names the operation and the shapes.
@Suite struct TrapTests {
    @Test(arguments: traps.indices)
    func errorsOfTheProgrammerTrap(_ index: Int) async {
        let result = await #expect(
            processExitsWith: .failure, observing: [\.standardErrorContent]
        ) { [index] in
            traps[index].body()
        }
        let text = message(of: result)
        #expect(text.contains("Fatal error: \(traps[index].message)"))
    }

    /// The line is that of the call, also of an operator in a closure that the library calls.
    @Test func theMessageTellsTheLineOfTheCall() async {
        let result = await #expect(
            processExitsWith: .failure, observing: [\.standardErrorContent]
        ) {
            // Exit tests turn it off.
            setenv("SWIFT_BACKTRACE", "enable=yes", 1)
            misfit()
        }
        #expect(message(of: result).hasPrefix("Fatal error: *: shapes do not broadcast"))
        #if os(Linux)
            #expect(message(of: result).contains("\n    at \(#filePath):\(misfitLine)\n"))
        #endif
    }
}

private func misfit() {
    _ = gradient(at: zeros(2)) { x in
        (x * zeros(3)).sum()
    }
}

private let misfitLine = #line - 4

private let traps: [Trap] =
    creationTraps + numberTraps + sizeTraps + elementwiseTraps + shapeTraps + tapeTraps
    + sequenceTraps + selectionTraps + linearAlgebraTraps + specialFunctionTraps
    + storageTypeTraps + signalTraps
