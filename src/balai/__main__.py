from balai.config.cli import main

main()
