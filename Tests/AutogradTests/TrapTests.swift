import Autograd
import Foundation
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
        let text = errorText(result)
        #expect(text.contains("Fatal error: \(traps[index].message)\n"))
    }
}

private let traps: [Trap] =
    creationTraps + elementwiseTraps + shapeTraps + tapeTraps + sequenceTraps
